import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { misfit } from './mutant.js';
import { mutants } from './mutants.js';

const ROOT = join(import.meta.dirname, '../..');
const LIST = 'docs/mutants.md';

/** Rows of the list's table, each as its cells. */
function rows(): string[][] {
  return readFileSync(join(ROOT, LIST), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the list of mutants', () => {
  it('says of each what it breaks and which test kills it', () => {
    const expected = mutants.map(({ name, breaks, file, killer }) => [
      `\`${name}\``,
      breaks,
      `\`${file}\``,
      `${killer.test} (\`${killer.spec}\`)`,
    ]);
    expect(rows()).toEqual(expected);
  });

  it('has no name twice, and at least twenty', () => {
    const names = mutants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(20);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });

  it('applies to the sources as they are', () => {
    const misfits = mutants.flatMap((mutant) => {
      const wrong = misfit(mutant, readFileSync(join(ROOT, mutant.file), 'utf8'));
      return wrong === undefined ? [] : [`${mutant.name}: ${wrong}`];
    });
    expect(misfits).toEqual([]);
  });

  it('trusts only unit tests of the fast suite', () => {
    const foreign = mutants.filter(
      ({ killer }) =>
        !/^libs\/[a-z]+\/src\/.+\.spec\.ts$/.test(killer.spec) || killer.spec.endsWith('.int.spec.ts'),
    );
    expect(foreign.map(({ name }) => name)).toEqual([]);
  });
});
