import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from '../generated-files.js';

const FOLDER = join(import.meta.dirname, '../../../../deploy/observability');

// What a definition no longer yields must not stay behind.
for (const generated of ['rules', 'dashboards'])
  rmSync(join(FOLDER, generated), { recursive: true, force: true });
const files = generatedFiles();
for (const [path, content] of files) {
  mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
  writeFileSync(join(FOLDER, path), content);
}
process.stdout.write(`deploy/observability: ${files.size} files written.\n`);
