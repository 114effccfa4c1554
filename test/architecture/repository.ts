import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Root folder of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

/** One TypeScript file of an app or a library. */
export interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** All TypeScript sources of apps and libraries, without specs and fixtures unless asked for. */
export function sourceFiles({ specs = false } = {}): SourceFile[] {
  return globSync('{apps,libs}/*/src/**/*.ts', { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => specs || !/\.(spec|fixture)\.ts$/.test(path))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, lines: text.trimEnd().split('\n').length };
    });
}

/** Folders of all workspaces (`apps/order`, …). */
export function workspaces(): string[] {
  return globSync('{apps,libs}/*/package.json', { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/').replace('/package.json', ''))
    .toSorted();
}

/** The source files that a workspace's package.json offers to others under `exports`. */
export function entryPoints(workspace: string): string[] {
  return Object.values(manifestOf(workspace).exports ?? {}).map((targets) =>
    posix.join(workspace, targets['@millrace/source'] ?? ''),
  );
}

/** The names that a workspace's package.json declares as dependencies. */
export function declaredDependencies(workspace: string): string[] {
  return Object.keys(manifestOf(workspace).dependencies ?? {}).toSorted();
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly exports?: Record<string, Record<string, string>>;
}

function manifestOf(workspace: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'));
}
