import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './repository.js';

const COUNTS = (passed: number, failed: number) =>
  `require('node:fs').writeFileSync(process.env.TEST_COUNTS_FILE, '{"passed":${passed},"failed":${failed}}');`;

describe('groups of tests that run side by side', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-groups-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the command makes of such programs, and what a person sees of them. */
  function run(...programs: readonly string[]): { answer: unknown; shown: string } {
    const files = programs.map((text, index) => {
      const file = join(folder, `${index}.cjs`);
      writeFileSync(file, text);
      return [file];
    });
    const command = `
      const { sideBySide } = await import(${JSON.stringify(join(ROOT, 'scripts/side-by-side.mjs'))});
      const answer = await sideBySide(${JSON.stringify(files)}, { cwd: '.', env: process.env });
      console.log('\\n' + JSON.stringify(answer));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', command], {
      encoding: 'utf8',
    });
    const lines = stdout.trimEnd().split('\n');
    return { answer: JSON.parse(lines.at(-1) ?? ''), shown: lines.slice(0, -1).join('\n') };
  }

  it('are added up, and end well when all of them did', () => {
    const { answer } = run(COUNTS(2, 0), COUNTS(40, 0));
    expect(answer).toEqual({ code: 0, counts: { passed: 42, failed: 0 } });
  });

  it.each([
    ['the first', `${COUNTS(2, 1)} process.exitCode = 1;`, COUNTS(3, 0)],
    ['the second', COUNTS(3, 0), `${COUNTS(2, 1)} process.exitCode = 1;`],
  ])('fail when %s of them fails', (_which, first, second) => {
    expect(run(first, second).answer).toEqual({ code: 1, counts: { passed: 5, failed: 1 } });
  });

  it.each([
    ['ends before it counted', 'process.exitCode = 3;'],
    ['is killed', "process.kill(process.pid, 'SIGKILL');"],
  ])('have no sum when one of them %s', (_what, broken) => {
    expect(run(COUNTS(3, 0), broken).answer).toEqual({ code: 1 });
  });

  it('show all that they write, each in one piece', () => {
    const lines = (name: string) =>
      `for (let n = 0; n < 200; n += 1) console.log('${name} ' + n); console.error('${name} error'); ${COUNTS(1, 0)}`;
    const shown = run(lines('a'), lines('b'))
      .shown.split('\n')
      .map((line) => line.split(' ')[0]);
    const of = (name: string) => shown.filter((one) => one === name).length;
    expect([of('a'), of('b')]).toEqual([200, 201]);
    expect(shown.slice(shown.indexOf('b'), shown.lastIndexOf('b') + 1)).toHaveLength(201);
  });
});
