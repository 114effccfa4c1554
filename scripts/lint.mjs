import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MAX_LINES = 400;
const SHOWN = 60;

/** Every check: a name and a function that returns its complaints, empty when all is well. */
const checks = {
  format: () => run('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
  oxlint: () => run('oxlint', 'oxlint', ['--quiet', '--format', 'unix', ...folders(), 'scripts']),
  imports: () =>
    run('dependency-cruiser', 'depcruise', [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      ...folders(),
    ]),
  lock: () => lockComplaints(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))),
  length: longFiles,
};

let failed = false;
for (const [name, check] of Object.entries(checks)) {
  const complaints = check();
  console.log(`${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const complaint of complaints.slice(0, SHOWN)) console.log(`     ${complaint}`);
  if (complaints.length > SHOWN) console.log(`     … and ${complaints.length - SHOWN} lines more`);
  failed ||= complaints.length > 0;
}
process.exitCode = failed ? 1 : 0;

/** Runs a package's program on this very Node (older ones on PATH are refused by some of them). */
function run(packageName, bin, args) {
  const folder = join(ROOT, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const program = join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return [];
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`${packageName} ended with ${status}`];
}

function folders() {
  return ['apps', 'libs', ...globSync('test', { cwd: ROOT })];
}

/** npm leaves platform packages that the registry lacks out of the lock without a word; `npm ci` then fails elsewhere. */
function lockComplaints({ packages }) {
  const complaints = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!locked(packages, path, name))
        complaints.push(`${path || 'the root'}: optional ${name} has no entry in the lock`);
    }
    if (/^https?:/.test(entry.resolved ?? '')) complaints.push(`${path}: the lock names a download host`);
  }
  return complaints;
}

function locked(packages, path, name) {
  for (
    let at = path;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

function longFiles() {
  return globSync(['{apps,libs}/*/src/**/*.ts', '{test,scripts}/**/*.{ts,mjs,cjs}'], { cwd: ROOT })
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines, ${MAX_LINES} at most: split it`);
}
