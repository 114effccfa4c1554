import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench.error.js';

const HOOKS = new URL('../../../libs/testing/src/typescript-hooks.mjs', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Time that one contestant has; nothing that is measured takes half of it. */
const PATIENCE_MS = 120_000;
const SHOWN_LINES = 20;

const living = new Set<ChildProcess>();

/** Ends every contestant that runs, because the run is interrupted: their work rejects. */
export function endContestants(): void {
  for (const child of living) child.kill('SIGKILL');
}

/** A program that is measured. */
export interface Contestant {
  readonly program: URL;
  /** What Node is told when it runs it, besides what the measurement needs. @default nothing */
  readonly nodeOptions?: readonly string[];
}

/**
 * Runs one side in a process of its own, so that no repetition inherits memory or compiled code from another: sends
 * it the task and resolves with the measure that it answers. Millrace's libraries are the built ones, as in
 * production. Rejects with `BenchError` CONTESTANT when it fails, ends without an answer or takes two minutes.
 */
export async function runContestant<Task extends object, Measure>(
  { program, nodeOptions = [] }: Contestant,
  task: Task,
): Promise<Measure> {
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--expose-gc', '--no-warnings', `--import=${HOOKS}`, fileURLToPath(program)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn' },
    },
  );
  living.add(child);
  const errors = collect(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  let measure: Measure | undefined;
  child.once('message', (message) => (measure = message as Measure));
  child.send(task);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  living.delete(child);
  if (code === 0 && measure !== undefined) return measure;
  const end = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  throw new BenchError('CONTESTANT', `${fileURLToPath(program).slice(ROOT.length)} ${end}:\n${errors()}`);
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
