import { describe, expect, it } from '@jest/globals';
import { loadConfigFiles } from '@millrace/deployment';
import { ROOT, sourceFiles, type SourceFile } from './repository.js';

/** Calls of readConfig: the variables that each reads, as the source has it. */
function readsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(/\breadConfig\(\s*([^\s,(){]*)/g)].map(([, argument]) => argument ?? '');
}

describe('the environment', () => {
  const readers = sourceFiles().filter(
    (file) => !file.path.startsWith('libs/config/') && readsOf(file).length > 0,
  );

  it('is read in config files alone, of variables that the file exports under a name ending in Variables', () => {
    expect(readers.length).toBeGreaterThan(10);
    const wrong = readers.flatMap((file) => {
      if (!file.path.endsWith('.config.ts'))
        return [`${file.path} reads the environment: move that to a .config.ts`];
      return readsOf(file)
        .filter((name) => !/^\w*[vV]ariables$/.test(name) || !isExported(file, name))
        .map((name) => `${file.path} reads '${name}', which no export of it declares as …Variables`);
    });
    expect(wrong).toEqual([]);
  });

  it('is declared in every config file, each variable with words on its meaning', async () => {
    const files = await loadConfigFiles(ROOT);
    expect(files.map(({ path }) => path)).toEqual(readers.map(({ path }) => path));
    const silent = files.flatMap(({ path, declarations }) => {
      const declared = declarations.map((each) => (typeof each === 'function' ? each('order') : each));
      if (declared.length === 0) return [`${path} declares nothing`];
      return declared.flatMap((each) =>
        Object.entries(each).flatMap(([name, { desc }]) => (desc ? [] : [`${path}: ${name} has no desc`])),
      );
    });
    expect(silent).toEqual([]);
  });
});

function isExported({ text }: SourceFile, name: string): boolean {
  return new RegExp(`^export (const|function) ${name}\\b`, 'm').test(text);
}
