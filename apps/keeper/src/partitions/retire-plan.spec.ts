import { describe, expect, it } from '@jest/globals';
import { partitionName, utcDayOf } from './day-bounds.js';
import { retirePlan, type CaptureProof } from './retire-plan.js';

const at = (iso: string) => Date.parse(iso);
const retention = { outboxDays: 7, inboxDays: 38 };
const well: CaptureProof = { trusted: true, publishedBefore: at('2026-11-25T12:00:00Z') };

function plan(table: 'outbox' | 'inbox', partitions: readonly string[], now: string, proof = well) {
  const { drop, wait } = retirePlan({ table, partitions, now: at(now), retention, proof });
  return {
    drop: drop.map(({ name }) => name),
    wait: wait.map(({ name, overdue }) => (overdue ? `${name} overdue` : name)),
  };
}

describe('which partitions may be dropped', () => {
  it.each([
    [
      'outbox',
      'outbox_p20261117',
      '2026-11-24T23:59:59.999Z',
      'is kept while its last row is under 7 days old',
      [],
    ],
    ['outbox', 'outbox_p20261117', '2026-11-25T00:00:00Z', 'goes 7 days after its end', ['outbox_p20261117']],
    ['inbox', 'inbox_p20261017', '2026-11-24T23:59:59.999Z', 'is kept for 37 days and one', []],
    ['inbox', 'inbox_p20261017', '2026-11-25T00:00:00Z', 'goes 38 days after its end', ['inbox_p20261017']],
  ] as const)('%s %s at %s %s', (table, name, now, _rule, drop) => {
    expect(plan(table, [name], now)).toEqual({ drop, wait: [] });
  });

  it.each([
    ['the slot is not well', { ...well, trusted: false }],
    ['nothing is known', { trusted: true, publishedBefore: -Infinity }],
    [
      'an open transaction may still have rows there',
      { ...well, publishedBefore: at('2026-11-17T23:59:59.999Z') },
    ],
  ])('an outbox partition waits when %s, and an inbox does not care', (_why, proof) => {
    expect(plan('outbox', ['outbox_p20261117'], '2026-11-25T00:00:00Z', proof)).toEqual({
      drop: [],
      wait: ['outbox_p20261117'],
    });
    expect(plan('inbox', ['inbox_p20261017'], '2026-11-25T00:00:00Z', proof).drop).toEqual([
      'inbox_p20261017',
    ]);
  });

  it('goes when the last row that it can hold is proven to be on the log, to the millisecond', () => {
    const proof = { trusted: true, publishedBefore: at('2026-11-18T00:00:00Z') };
    const names = ['outbox_p20261118', 'outbox_p20261117'];
    expect(plan('outbox', names, '2026-11-26T12:00:00Z', proof)).toEqual({
      drop: ['outbox_p20261117'],
      wait: ['outbox_p20261118'],
    });
  });

  it('is overdue after a day of waiting, not before', () => {
    const proof = { ...well, trusted: false };
    const before = plan('outbox', ['outbox_p20261117'], '2026-11-25T23:59:59.999Z', proof);
    expect(before.wait).toEqual(['outbox_p20261117']);
    const after = plan('outbox', ['outbox_p20261117'], '2026-11-26T00:00:00Z', proof);
    expect(after.wait).toEqual(['outbox_p20261117 overdue']);
  });

  it('leaves tables alone whose names are no day of the table', () => {
    const names = [
      'outbox_default',
      'outbox_p20260231',
      'outbox_later',
      'inbox_p20200101',
      'outbox_p2020010',
    ];
    expect(plan('outbox', names, '2026-11-25T00:00:00Z')).toEqual({ drop: [], wait: [] });
  });

  it('never drops a day that is not over, published or not, whatever the hour', () => {
    const proof = { trusted: true, publishedBefore: Infinity };
    for (let hour = 0; hour < 24 * 20; hour += 1) {
      const now = at('2026-11-01T00:00:00Z') + hour * 3_600_000;
      const days = Array.from({ length: 25 }, (_, index) => utcDayOf(now) - 15 + index);
      const { drop } = retirePlan({
        table: 'outbox',
        partitions: days.map((day) => partitionName('outbox', day)),
        now,
        retention,
        proof,
      });
      expect(drop.map(({ day }) => day)).toEqual(days.filter((day) => (day + 1 + 7) * 86_400_000 <= now));
    }
  });
});
