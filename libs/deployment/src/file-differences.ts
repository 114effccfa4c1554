import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_FOLDERS } from './generated-files.js';

/** How the tree differs from what is generated now. */
export interface FileDifference {
  readonly path: string;
  readonly problem: 'missing' | 'differs' | 'left over';
}

/** Compares the tree with the generated files: what is missing, differs, or is generated no longer. */
export function differencesOf(root: string, files: ReadonlyMap<string, string>): readonly FileDifference[] {
  const wrong = [...files].flatMap(([path, text]): FileDifference[] => {
    if (!existsSync(join(root, path))) return [{ path, problem: 'missing' }];
    return readFileSync(join(root, path), 'utf8') === text ? [] : [{ path, problem: 'differs' }];
  });
  const leftOver = globSync(
    GENERATED_FOLDERS.map((folder) => `${folder}/*`),
    { cwd: root },
  )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !files.has(path))
    .map((path): FileDifference => ({ path, problem: 'left over' }));
  return [...wrong, ...leftOver];
}

/** Makes the tree as the generated files are; returns what it changed. */
export function writeFiles(root: string, files: ReadonlyMap<string, string>): readonly FileDifference[] {
  const differences = differencesOf(root, files);
  for (const { path } of differences) {
    const text = files.get(path);
    if (text === undefined) {
      rmSync(join(root, path));
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return differences;
}
