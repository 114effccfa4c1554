// Collects the builds of the workspaces that are linked into the current folder's node_modules: the program and its libraries.
// Usage: node collect-program.mjs <folder of the build> <folder>
import { cpSync, existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';

const [built, target] = process.argv.slice(2);
const links = join('node_modules', '@millrace');

for (const name of readdirSync(links)) {
  const workspace = relative('.', realpathSync(join(links, name)));
  for (const part of ['package.json', 'node_modules']) {
    if (existsSync(join(workspace, part))) {
      cpSync(join(workspace, part), join(target, workspace, part), { recursive: true });
    }
  }
  cpSync(join(built, workspace, 'dist'), join(target, workspace, 'dist'), {
    recursive: true,
    filter: (path) => !/\.fixture\.|\.d\.ts(\.map)?$|\.tsbuildinfo$/.test(path),
  });
}
