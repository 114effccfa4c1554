import { describe, expect, it } from '@jest/globals';
import { isoDate, lowestUuidOf, partitionName, timestampBounds, utcDayOf, uuidBounds } from './day-bounds.js';

const at = (iso: string) => utcDayOf(Date.parse(iso));

describe('the day of an instant', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', '1970-01-01'],
    ['2026-11-21T00:00:00.000Z', '2026-11-21'],
    ['2026-11-21T23:59:59.999Z', '2026-11-21'],
    ['2026-11-21T23:30:00.000-05:00', '2026-11-22'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29'],
  ])('%s falls on %s in UTC', (instant, day) => {
    expect(isoDate(at(instant))).toBe(day);
  });
});

describe('a day partition', () => {
  it.each([
    ['outbox', '2026-11-21T08:00:00Z', 'outbox_p20261121'],
    ['inbox', '2027-01-01T00:00:00Z', 'inbox_p20270101'],
  ])('of %s on %s is called %s', (table, instant, name) => {
    expect(partitionName(table, at(instant))).toBe(name);
  });

  it.each([
    ['2026-11-21', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00'],
    ['2026-12-31', '2026-12-31 00:00:00+00', '2027-01-01 00:00:00+00'],
    ['2028-02-28', '2028-02-28 00:00:00+00', '2028-02-29 00:00:00+00'],
    // the days on which clocks change are 24 hours long here
    ['2026-03-29', '2026-03-29 00:00:00+00', '2026-03-30 00:00:00+00'],
  ])('by time on %s spans %s to %s', (date, from, to) => {
    expect(timestampBounds(at(`${date}T12:00:00Z`))).toEqual({ from, to });
  });

  it.each([
    ['1970-01-01', '00000000-0000-7000-8000-000000000000', '00000526-5c00-7000-8000-000000000000'],
    ['2026-11-21', '01a1fb67-1800-7000-8000-000000000000', '01a2008d-7400-7000-8000-000000000000'],
  ])('by uuidv7 on %s spans %s to %s', (date, from, to) => {
    expect(uuidBounds(at(`${date}T12:00:00Z`))).toEqual({ from, to });
  });

  it('holds the ids of its first and last millisecond and not those of its neighbours', () => {
    const { from, to } = uuidBounds(at('2026-11-21T12:00:00Z'));
    const idAt = (iso: string, rest: string) => `${lowestUuidOf(Date.parse(iso)).slice(0, 14)}${rest}`;
    const first = idAt('2026-11-21T00:00:00.000Z', '7000-8000-000000000001');
    const last = idAt('2026-11-21T23:59:59.999Z', '7fff-bfff-ffffffffffff');
    const before = idAt('2026-11-20T23:59:59.999Z', '7fff-bfff-ffffffffffff');
    const after = idAt('2026-11-22T00:00:00.000Z', '7000-8000-000000000000');
    // Postgres compares uuids by their bytes, which is the order of their text
    expect([first >= from && first < to, last >= from && last < to]).toEqual([true, true]);
    expect([before < from, after >= to]).toEqual([true, true]);
  });

  it('meets the next day without a gap', () => {
    const day = at('2026-11-21T12:00:00Z');
    expect(uuidBounds(day).to).toBe(uuidBounds(day + 1).from);
    expect(timestampBounds(day).to).toBe(timestampBounds(day + 1).from);
  });
});
