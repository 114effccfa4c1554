import { describe, expect, it } from '@jest/globals';
import { entryPoints, sourceFiles, workspaces, type SourceFile } from './repository.js';

const MAX_LINES = 400;
const MAX_MEDIAN = 80;
const MAX_FILES_IN_FOLDER = 12;
const MAX_DEPTH = 3;

const files = sourceFiles();

function pathsWith(pattern: RegExp, among: readonly SourceFile[] = files): string[] {
  return among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

/** Exported declarations whose preceding line (decorators and overloads skipped) ends no JSDoc comment. */
function undocumented({ path, text }: SourceFile): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name =
      /^export (?:declare |abstract |async )*(?:class|function\*?|const|interface|type|enum) (\w+)/.exec(
        line,
      )?.[1];
    if (name === undefined) return [];
    const overloaded = lines.slice(0, index).some((before) => before.startsWith(`export function ${name}(`));
    return overloaded || endsComment(lines, index) ? [] : [`${path}: ${name}`];
  });
}

function endsComment(lines: readonly string[], index: number): boolean {
  let above = index - 1;
  while (above >= 0 && /^(@|\}|\)| )/.test(lines[above] ?? '') && !/\*\/\s*$/.test(lines[above] ?? ''))
    above -= 1;
  return /\*\/\s*$/.test(lines[above] ?? '');
}

describe('house style', () => {
  it('sees the sources', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('names files kebab-case.role.ts, and none utils', () => {
    const misnamed = sourceFiles({ specs: true }).filter(
      ({ path }) =>
        !/^(apps|libs)(\/[a-z0-9-]+)+(\.[a-z0-9-]+)*\.ts$/.test(path) ||
        /(utils|helpers|common)\b/.test(path),
    );
    expect(misnamed.map(({ path }) => path)).toEqual([]);
  });

  it('keeps files short: median 80 lines at most, none over 400', () => {
    const lengths = files.map(({ lines }) => lines).toSorted((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN);
    const long = sourceFiles({ specs: true }).filter(({ lines }) => lines > MAX_LINES);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('keeps folders small and shallow', () => {
    const folders = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf('/')));
    const crowded = [...folders]
      .filter(([, inside]) => inside.length > MAX_FILES_IN_FOLDER)
      .map(([folder]) => folder);
    expect(crowded).toEqual([]);
    const deep = [...folders.keys()].filter(
      (folder) => folder.split('/src/')[1]?.split('/')[MAX_DEPTH] !== undefined,
    );
    expect(deep).toEqual([]);
  });

  it('documents every exported symbol', () => {
    expect(files.filter(({ path }) => !path.endsWith('/index.ts')).flatMap(undocumented)).toEqual([]);
  });

  it('exports by name only, and lists what an entry point offers', () => {
    expect(pathsWith(/^export default\b/m)).toEqual([]);
    expect(pathsWith(/^export \* from/m)).toEqual([]);
    const entries = new Set(workspaces().flatMap(entryPoints));
    const barrels = files.filter(
      ({ path, text }) => !entries.has(path) && /^export (type )?\{[^}]*\} from/m.test(text),
    );
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it('reads the environment in libs/config alone (and in the development stack)', () => {
    const programs = files.filter(({ path }) => !/^libs\/(config|stack)\//.test(path));
    expect(pathsWith(/\bprocess\.env\b|\bfrom 'node:process'/, programs)).toEqual([]);
  });

  it('has no double cast, no suppressed check and nothing left to do', () => {
    const all = sourceFiles({ specs: true });
    expect(pathsWith(/\bas unknown as\b/, all)).toEqual([]);
    expect(pathsWith(/@ts-(ignore|nocheck|expect-error)/, all)).toEqual([]);
    expect(pathsWith(/\b(TODO|FIXME)\b/, all)).toEqual([]);
  });

  it('tests nothing by halves: no skipped, focused or sleeping test', () => {
    const specs = sourceFiles({ specs: true }).filter(({ path }) => path.endsWith('.spec.ts'));
    expect(
      pathsWith(/\b(it|test|describe)\.(skip|only|todo)\b|\b(xit|xdescribe|fit|fdescribe)\(/, specs),
    ).toEqual([]);
    expect(pathsWith(/\b(it|test)(\.each\([^)]*\))?\(\s*['"`][^'"`]*\bshould\b/, specs)).toEqual([]);
  });
});
