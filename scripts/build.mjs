import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const SLOW_MS = 1_500;

/** Compiles every project that changed; says so only when it takes a while, and shows the compiler's words when it fails. */
const startedAt = Date.now();
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const child = spawn(process.execPath, [compiler, '-b', ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
const notice = setTimeout(() => process.stdout.write('Compiling …\n'), SLOW_MS);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  clearTimeout(notice);
  if (code === 0) {
    const seconds = (Date.now() - startedAt) / 1_000;
    if (seconds * 1_000 > SLOW_MS) process.stdout.write(`Compiled (${seconds.toFixed(0)} s).\n`);
    return;
  }
  process.stderr.write(
    `${output}\nThe sources do not compile: mend what the compiler names, and run the command again.\n`,
  );
  process.exitCode = 1;
});
