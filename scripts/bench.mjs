import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const HOOKS = new URL('../libs/testing/src/typescript-hooks.mjs', import.meta.url).href;

let running;
// Whoever ends this command ends the run, which stops its stack and says so. Ctrl-C reaches the run by itself.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => running?.kill(signal));
process.on('SIGINT', () => undefined);

// What is measured are builds, as production runs them; only the benchmarks themselves run from source.
const built = await node(['scripts/build.mjs']);
process.exitCode =
  built === 0
    ? await node([`--import=${HOOKS}`, '--no-warnings', 'test/bench/bench.main.ts', ...process.argv.slice(2)])
    : built;

/** Runs a program on this Node; resolves with its exit code. */
function node(args) {
  running = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve) => running.once('exit', (code) => resolve(code ?? 1)));
}
