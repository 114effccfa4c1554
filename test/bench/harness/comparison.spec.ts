import { describe, expect, it } from '@jest/globals';
import { interleaved, rowOf } from './comparison.js';

const rate = { what: 'drain', unit: 'events/s', peerName: 'peer' } as const;

describe('a row', () => {
  it("has the median of the pairs' ratios, so that drift during a run does not count", () => {
    const row = rowOf({ ...rate, better: 'higher', target: 0.95 }, [100, 50, 10], [100, 100, 10]);
    expect(row).toMatchObject({ ours: 50, peer: 100, ratio: 1, target: 0.95, met: true });
  });

  it('misses a least ratio when it is below it', () => {
    expect(rowOf({ ...rate, better: 'higher', target: 0.95 }, [94], [100]).met).toBe(false);
  });

  it('misses a largest ratio when it is above it', () => {
    expect(rowOf({ ...rate, better: 'lower', target: 1.25 }, [126], [100]).met).toBe(false);
    expect(rowOf({ ...rate, better: 'lower', target: 1.25 }, [125], [100]).met).toBe(true);
  });

  it('is neither met nor missed without a target', () => {
    expect(rowOf({ ...rate, better: 'higher' }, [1], [2])).toMatchObject({ target: null, met: null });
  });

  it('has a bound of its own beside that of the ratio, and keeps both or misses', () => {
    const title = { ...rate, better: 'lower', target: 0.1, limit: 20 } as const;
    expect(rowOf(title, [20], [200]).met).toBe(true);
    expect(rowOf(title, [21], [300]).met).toBe(false);
    expect(rowOf(title, [20], [199]).met).toBe(false);
  });

  it('stands without a peer, and then only its own bound counts', () => {
    const row = rowOf({ ...rate, better: 'lower', limit: 20 }, [19, 20, 30], null);
    expect(row).toMatchObject({ ours: 20, peer: null, ratio: null, met: true });
    expect(rowOf({ ...rate, better: 'lower', target: 0.5 }, [1], null).met).toBe(false);
  });

  it('misses its target when a side measured nothing', () => {
    expect(rowOf({ ...rate, better: 'higher', target: 0.9 }, [1], [Number.NaN]).met).toBe(false);
  });
});

describe('interleaved sides', () => {
  it('run in turn, and each keeps its own measures', async () => {
    const order: string[] = [];
    const side = (name: string) => async () => order.push(name);
    const measures = await interleaved(2, { ours: side('ours'), peer: side('peer') }, () => undefined);
    expect(order).toEqual(['ours', 'peer', 'ours', 'peer']);
    expect(measures).toEqual({ ours: [1, 3], peer: [2, 4] });
  });
});
