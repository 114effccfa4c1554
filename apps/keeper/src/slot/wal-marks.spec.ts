import { describe, expect, it } from '@jest/globals';
import { WalMarks } from './wal-marks.js';

const mark = (lsn: number, time = lsn) => ({ lsn: BigInt(lsn), settledBefore: time, writersSince: time });

describe('marks in the WAL', () => {
  it('give the newest that the slot has passed, once', () => {
    const marks = new WalMarks();
    for (const lsn of [10, 20, 30]) marks.add(mark(lsn));
    expect(marks.pass(9n)).toBeUndefined();
    expect(marks.pass(25n)).toEqual(mark(20));
    expect(marks.pass(25n)).toBeUndefined();
    expect(marks.pass(30n)).toEqual(mark(30));
    expect(marks.size).toBe(0);
  });

  it('keep the younger of two at one place: an idle server proves more with time', () => {
    const marks = new WalMarks();
    marks.add(mark(10, 1));
    marks.add(mark(10, 2));
    expect(marks.pass(10n)).toEqual(mark(10, 2));
  });

  it('begin anew when the WAL goes back, as after a restore', () => {
    const marks = new WalMarks();
    marks.add(mark(100));
    marks.add(mark(10));
    expect(marks.pass(50n)).toEqual(mark(10));
  });

  it('stay few while the slot rests, oldest and newest among them', () => {
    const marks = new WalMarks(8);
    for (let lsn = 1; lsn <= 1_000; lsn += 1) {
      marks.add(mark(lsn));
      expect(marks.size).toBeLessThanOrEqual(8);
    }
    expect(marks.pass(1n)).toEqual(mark(1));
    expect(marks.pass(1_000n)).toEqual(mark(1_000));
  });
});
