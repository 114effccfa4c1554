import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BACKTEST_USAGE, backtestCommand, confusionTable } from './backtest.command.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await backtestCommand(args, { out: (line) => out.push(line), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('the back-test command', () => {
  it('explains itself', async () => {
    expect(await run('--help')).toEqual({ code: 0, out: BACKTEST_USAGE, err: '' });
  });

  it.each([
    [[], /--rules FILE/],
    [['--rulez', 'x'], /--rulez/],
    [['x'], /x/],
  ])('does not understand %j and says why', async (args, why) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(why);
  });

  it('refuses a rule file with an error by its place', async () => {
    const file = join(folder, 'rules.json');
    writeFileSync(file, '{"name": "x", "bands": {"review": 300, "decline": 70000}, "rules": []}');
    const { code, err } = await run('--rules', file);
    expect(code).toBe(1);
    expect(err).toMatch(/--rules: .*rules\.json: \/bands\/decline/);
  });

  it('shows the confusion as a table', () => {
    const result = {
      ...{ ruleset: 'h', orders: 12, undecided: 1, unreadable: 2 },
      confusion: [
        { live: 'approve', candidate: 'approve', orders: 8 },
        { live: 'approve', candidate: 'decline', orders: 3 },
      ],
    } as const;
    expect(
      confusionTable(result)
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    ).toEqual([
      ['live', 'approve', 'review', 'decline'],
      ['approve', '8', '0', '3'],
      ['review', '0', '0', '0'],
      ['decline', '0', '0', '0'],
      expect.arrayContaining(['12', '1', '2']),
    ]);
  });
});
