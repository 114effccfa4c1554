// Compiles the workspaces in the current folder, of what has been compiled before only what has changed since.
// Usage: node compile.mjs <folder that one image build leaves to the next> <workspace>...
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const [cache, ...workspaces] = process.argv.slice(2);

// What decides how a text is compiled beside the text: with another compiler or other options nothing before counts.
const deciding = [
  ...globSync(['tsconfig*.json', '{apps,libs}/*/tsconfig*.json']).sort(),
  'package-lock.json',
];
const hash = createHash('sha256');
for (const file of deciding) hash.update(file).update(readFileSync(file));
const before = join(cache, hash.digest('hex'));

if (existsSync(before)) cpSync(before, '.', { recursive: true });
// Newer than every output, so that the compiler compares the texts instead of times, which come from another machine.
const now = new Date();
for (const source of globSync('{apps,libs}/*/src/**/*.ts')) utimesSync(source, now, now);
const { status } = spawnSync('node', ['node_modules/typescript/bin/tsc', '-b', ...workspaces], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);

// The outputs of sources that are gone.
for (const output of globSync('{apps,libs}/*/dist/**/*.js')) {
  const source = output.replace('/dist/', '/src/').replace(/js$/, 'ts');
  if (existsSync(source)) continue;
  for (const kind of ['js', 'js.map', 'd.ts']) rmSync(output.replace(/js$/, kind), { force: true });
}

for (const old of readdirSync(cache)) rmSync(join(cache, old), { recursive: true });
for (const outputs of globSync('{apps,libs}/*/dist'))
  cpSync(outputs, join(before, outputs), { recursive: true });
