import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { VariableDeclaration } from '@millrace/config';

/** What a config file declares: variables, or variables that depend on the program that reads them. */
export type Declaration = VariableDeclaration | ((program: string) => VariableDeclaration);

/** The declarations of one config file. */
export interface ConfigFile {
  /** Path of its source from the root, with `/`. */
  readonly path: string;
  readonly declarations: readonly Declaration[];
}

const RUNS_FROM_SOURCE = import.meta.filename.endsWith('.ts');

/**
 * Loads every config file of the tree: a config file exports what it reads under names that end in `Variables`
 * (`test/architecture` sees to that), so there is no list of them to forget. Needs built packages where it runs built.
 */
export async function loadConfigFiles(root: string): Promise<readonly ConfigFile[]> {
  const paths = globSync('{apps,libs}/*/src/**/*.config.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();
  return Promise.all(paths.map(async (path) => ({ path, declarations: await declarationsOf(root, path) })));
}

async function declarationsOf(root: string, path: string): Promise<Declaration[]> {
  const file = RUNS_FROM_SOURCE ? path : path.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
  const exported: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href);
  return Object.entries(exported)
    .filter(([name]) => /[vV]ariables$/.test(name))
    .map(([, value]) => value as Declaration);
}
