import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

// Runs before anything is installed, on whatever Node the machine has: built-ins only.
const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const LEAST_NODE = 20;

function modified(...path) {
  return statSync(join(root, ...path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
  fail(
    `Millrace needs Node ${LEAST_NODE} or newer to start, and this is ${process.version}: install a newer one.`,
  );
}
if (modified('node_modules', '.package-lock.json') < modified('package-lock.json')) {
  process.stdout.write('Installing the packages of package-lock.json (about a minute) …\n');
  const startedAt = Date.now();
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    fail(
      'The packages could not be installed: check the network (or the npm settings) and run the command again.',
    );
  process.stdout.write(`Packages are installed (${((Date.now() - startedAt) / 1_000).toFixed(0)} s).\n`);
}
