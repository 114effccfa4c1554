import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Killer, Mutant } from './mutant.js';
import { misfit } from './mutant.js';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = 'test/mutants/mutated-unit.config.mjs';

/** How long a child may take for one test, and for all killers, milliseconds. */
const CHILD_MS = 150_000;
const ALL_KILLERS_MS = 600_000;

/** What became of a mutant; `invalid` says nothing about the tests: the patch or the run itself is wrong. */
export type Verdict =
  { readonly verdict: 'killed' | 'survived' } | { readonly verdict: 'invalid'; readonly because: string };

/** The parts of Jest's report that a verdict needs. */
interface Report {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs the killer of a mutant, and nothing else, on sources with its patch. The checkout stays as it is. */
export async function judge(mutant: Mutant, signal?: AbortSignal): Promise<Verdict> {
  const { file, search, replace, killer } = mutant;
  const wrong = misfit(mutant, readFileSync(join(ROOT, file), 'utf8'));
  if (wrong !== undefined) return invalid(`the patch does not apply to ${file}: ${wrong}`);
  const statuses = await run([killer], { file, search, replace }, signal);
  if (typeof statuses === 'string') return invalid(statuses);
  const status = statuses.get(killer.test);
  if (status === 'failed') return { verdict: 'killed' };
  if (status === 'passed') return { verdict: 'survived' };
  if (status === 'late') return invalid(`'${killer.test}' runs out of time instead of failing`);
  return invalid(`${killer.spec} has no test '${killer.test}' that runs`);
}

/** Runs all killers on the sources as they are; gives those that do not pass. */
export async function failingUnmutated(killers: readonly Killer[], signal?: AbortSignal): Promise<string[]> {
  const statuses = await run(killers, null, signal);
  if (typeof statuses === 'string') return [statuses];
  const names = [...new Set(killers.map(({ test }) => test))];
  return names.filter((name) => statuses.get(name) !== 'passed');
}

function invalid(because: string): Verdict {
  return { verdict: 'invalid', because };
}

/** Statuses by full name of the tests that ran, or why none could. */
async function run(
  killers: readonly Killer[],
  patch: Pick<Mutant, 'file' | 'search' | 'replace'> | null,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string> | string> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-mutant-'));
  const report = join(folder, 'report.json');
  try {
    const ended = await runJest(killers, patch, report, signal);
    if (ended !== undefined) return ended;
    if (!existsSync(report)) return 'Jest ended without a report';
    return statusesIn(JSON.parse(readFileSync(report, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function statusesIn({
  numRuntimeErrorTestSuites,
  testResults,
}: Report): ReadonlyMap<string, string> | string {
  if (numRuntimeErrorTestSuites > 0) {
    // A mutant that does not even load proves nothing about the tests.
    return `the sources do not load: ${testResults.map(({ message }) => message.slice(0, 600)).join('\n')}`;
  }
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(
    results.map(({ fullName, status, failureMessages }) => {
      // Time runs out on a slow machine too, so that it proves nothing.
      const late = failureMessages.some((message) => message.includes('Exceeded timeout of'));
      return [fullName, late ? 'late' : status];
    }),
  );
}

/** Resolves with why the child gave no report, or with nothing. */
function runJest(
  killers: readonly Killer[],
  patch: object | null,
  report: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const within = patch === null ? ALL_KILLERS_MS : CHILD_MS;
  const tests = [...new Set(killers.map(({ test }) => literally(test)))];
  const specs = [...new Set(killers.map(({ spec }) => spec))];
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['--config', CONFIG, '--runInBand', '--forceExit', '--json', `--outputFile=${report}`],
      ...['--testNamePattern', `^(${tests.join('|')})$`, '--runTestsByPath', ...specs],
    ],
    {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...process.env, LOG_LEVEL: 'fatal', MILLRACE_MUTANT: JSON.stringify(patch) },
      timeout: within,
      killSignal: 'SIGKILL',
      ...(signal ? { signal } : {}),
    },
  );
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`Jest did not run: ${error.message}`));
    child.once('exit', (code) => {
      resolve(code === null ? `Jest did not end within ${within} ms` : undefined);
    });
  });
}

/** A regular expression that matches exactly that text. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
