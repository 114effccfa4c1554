// Copies what npm looks at, twice: as it is, to compile with, and without all that is for development.
// Usage, in the folder of the sources: node collect-manifests.mjs <folder>
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const target = process.argv[2];
const workspaces = globSync(['apps/*/package.json', 'libs/*/package.json']).map(dirname);

for (const variant of ['development', 'production']) {
  for (const file of ['package-lock.json', '.npmrc', 'patches']) {
    cpSync(file, join(target, variant, file), { recursive: true });
  }
  for (const folder of ['.', ...workspaces]) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // npm would install the libraries that a workspace names for its tests, whatever it is told to omit.
    if (variant === 'production') delete manifest.devDependencies;
    mkdirSync(join(target, variant, folder), { recursive: true });
    writeFileSync(join(target, variant, folder, 'package.json'), JSON.stringify(manifest, null, 2));
  }
}
cpSync('deploy/docker/finish-packages.mjs', join(target, 'development/deploy/docker/finish-packages.mjs'));
