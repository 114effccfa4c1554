import { describe, expect, it } from '@jest/globals';
import { begin, hear, reserves, type HoldSignal, type HoldStatus, type SignalEffect } from './hold-life.js';

const ends: HoldSignal[] = ['order-rejected', 'order-cancelled', 'order-expired'];

type Row = [HoldStatus | undefined, HoldStatus | undefined, SignalEffect];

const confirmed: Row[] = [
  [undefined, 'awaited', 'early'],
  ['awaited', 'awaited', 'repeated'],
  ['held', 'confirmed', 'moved'],
  ['confirmed', 'confirmed', 'repeated'],
  ['shipped', 'shipped', 'repeated'],
  ['released', 'released', 'contradicting'],
  ['rejected', 'rejected', 'contradicting'],
];
const ended: Row[] = [
  [undefined, 'rejected', 'early'],
  ['awaited', 'awaited', 'contradicting'],
  ['held', 'released', 'moved'],
  ['confirmed', 'confirmed', 'contradicting'],
  ['shipped', 'shipped', 'contradicting'],
  ['released', 'released', 'repeated'],
  ['rejected', 'rejected', 'repeated'],
];
const overdue: Row[] = [
  [undefined, undefined, 'unfounded'],
  ['awaited', 'awaited', 'contradicting'],
  ['held', 'released', 'moved'],
  ['confirmed', 'confirmed', 'contradicting'],
  ['shipped', 'shipped', 'contradicting'],
  ['released', 'released', 'repeated'],
  ['rejected', 'rejected', 'repeated'],
];
const shipped: Row[] = [
  [undefined, undefined, 'unfounded'],
  ['awaited', 'awaited', 'contradicting'],
  ['held', 'held', 'contradicting'],
  ['confirmed', 'shipped', 'moved'],
  ['shipped', 'shipped', 'repeated'],
  ['released', 'released', 'contradicting'],
  ['rejected', 'rejected', 'contradicting'],
];

const table: [HoldSignal, Row[]][] = [
  ['order-confirmed', confirmed],
  ...ends.map((signal): [HoldSignal, Row[]] => [signal, ended]),
  ['hold-expired', overdue],
  ['shipment', shipped],
];

describe.each(table)('a hold that hears %s', (signal, rows) => {
  it.each(rows)('and stands at %s, stands at %s afterwards: %s', (before, status, effect) => {
    expect(hear(before, signal)).toEqual({ status, effect });
  });
});

describe('a hold', () => {
  it.each([
    [undefined, true, 'held'],
    [undefined, false, 'rejected'],
    ['awaited', true, 'confirmed'],
    ['awaited', false, 'rejected'],
  ] as const)('of which %s is known and that is covered: %s, begins %s', (before, covered, status) => {
    expect(begin(before, covered)).toBe(status);
  });

  it('is part of what is reserved while it is held or confirmed', () => {
    const all = [undefined, 'awaited', 'held', 'confirmed', 'shipped', 'released', 'rejected'] as const;
    expect(all.filter(reserves)).toEqual(['held', 'confirmed']);
  });
});
