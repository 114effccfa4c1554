import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Mutant } from './mutant.js';
import { failingUnmutated, judge } from './mutation-run.js';

const LEDGER = 'libs/messaging/src/partition/offset-ledger.ts';

/** A mutant of the offset ledger that is killed, unless something of it is replaced. */
function mutant(changes: Partial<Mutant> = {}): Mutant {
  return {
    name: 'probe',
    breaks: 'the ledger knows its size',
    file: LEDGER,
    search: 'return this.outstanding.size;',
    replace: 'return 7;',
    killer: {
      spec: 'libs/messaging/src/partition/offset-ledger.spec.ts',
      test: 'OffsetLedger commits the end of what was fetched once all is terminal',
    },
    ...changes,
  };
}

describe('the mutation check', () => {
  it('sees a mutant killed by a test that fails, and leaves the checkout as it is', async () => {
    const before = readFileSync(join(import.meta.dirname, '../..', LEDGER), 'utf8');
    expect(await judge(mutant())).toEqual({ verdict: 'killed' });
    expect(readFileSync(join(import.meta.dirname, '../..', LEDGER), 'utf8')).toBe(before);
  });

  it('reports a mutant that changes nothing observable as survived', async () => {
    const idle = mutant({ replace: 'return this.outstanding.size + 0;' });
    expect(await judge(idle)).toEqual({ verdict: 'survived' });
  });

  it('reports a mutant that its killer does not look at as survived', async () => {
    const elsewhere = mutant({ search: 'this.begin ??= offset;', replace: '' });
    expect(await judge(elsewhere)).toEqual({ verdict: 'survived' });
  });

  it.each([
    ['is not there', 'return this.remembered;', 'occurs 0 times'],
    ['is there several times', 'this.end', 'times instead of once'],
    ['stays as it is', 'return this.outstanding.size;', 'changes nothing'],
  ])('refuses a patch whose text %s', async (_, search, because) => {
    const verdict = await judge(mutant({ search, replace: search }));
    expect(verdict).toEqual({ verdict: 'invalid', because: expect.stringContaining(because) });
  });

  it('takes sources that do not load for no kill', async () => {
    const broken = mutant({ replace: 'return ((;' });
    expect(await judge(broken)).toMatchObject({ verdict: 'invalid' });
  });

  it('asks for a killer that exists', async () => {
    const killer = { ...mutant().killer, test: 'OffsetLedger is tested by nobody' };
    const verdict = await judge(mutant({ killer }));
    expect(verdict).toEqual({ verdict: 'invalid', because: expect.stringContaining('no test') });
  });

  it('names the killers that fail on the sources as they are', async () => {
    const missing = { ...mutant().killer, test: 'OffsetLedger is tested by nobody' };
    expect(await failingUnmutated([mutant().killer, missing])).toEqual([missing.test]);
  });
});
