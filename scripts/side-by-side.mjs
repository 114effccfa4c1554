import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs programs on this Node at the same time and adds up the tests that they counted. The first one shows what it
 * writes as it writes it, each other one when it has ended. Answers with exit code 0 only if all of them ended so, and
 * without counts when one ended before it had any (it writes `{ passed, failed }` to the file in TEST_COUNTS_FILE).
 */
export async function sideBySide(programs, { cwd, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tests-'));
  try {
    const ended = await Promise.all(
      programs.map((args, index) => {
        const counts = join(folder, `${index}.json`);
        return program(args, counts, { cwd, env: { ...env, TEST_COUNTS_FILE: counts }, shown: index === 0 });
      }),
    );
    const code = ended.every((one) => one.code === 0) ? 0 : 1;
    const counts = ended.every((one) => one.counts !== undefined)
      ? ended.reduce(
          (sum, one) => ({ passed: sum.passed + one.counts.passed, failed: sum.failed + one.counts.failed }),
          { passed: 0, failed: 0 },
        )
      : undefined;
    return { code, counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function program(args, countsFile, { cwd, env, shown }) {
  const stdio = shown ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, args, { cwd, env, stdio });
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  for (const signal of signals) process.off(signal, forward);
  process.stdout.write(output);
  return { code: code ?? 1, counts: countsIn(countsFile) };
}

function countsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
