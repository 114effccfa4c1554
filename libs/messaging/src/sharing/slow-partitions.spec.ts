import { beforeEach, describe, expect, it } from '@jest/globals';
import { BlockedKeys } from '../partition/ordering-key.js';
import type { RunControl } from '../record/run-control.js';
import { SlowPartitions } from './slow-partitions.js';

class Partition implements RunControl {
  readonly signal = new AbortController().signal;
  readonly stopping = this.signal;
  readonly blocked = new BlockedKeys();

  constructor(readonly name: string) {}

  async probeHead(): Promise<void> {}

  terminal(): void {}
}

const [a, b, c] = [new Partition('a'), new Partition('b'), new Partition('c')];

let slow: SlowPartitions;
beforeEach(() => {
  slow = new SlowPartitions(100);
});

/** Who runs apart at that moment. */
function apart(now: number): string[] {
  return [a, b, c].filter((partition) => slow.mustRunApart(partition, now)).map(({ name }) => name);
}

describe('partitions that share transactions', () => {
  it('go on sharing while that is quick', () => {
    slow.took([a, b, c], 99, 0);
    expect(apart(0)).toEqual([]);
  });

  it('each run apart once after a slow one, and whoever is slow and alone in it stays apart for a while', () => {
    slow.took([a, b, c], 500, 0);
    expect(apart(0)).toEqual(['a', 'b', 'c']);
    slow.took([a], 500, 500);
    slow.took([b], 5, 505);
    slow.took([c], 7, 507);
    expect(apart(510)).toEqual(['a']);
    expect(apart(10_504)).toEqual(['a']);
    expect(apart(10_505)).toEqual([]);
  });

  it('are found by comparison with any transaction since, also when the slow one was alone from the beginning', () => {
    slow.took([a], 500, 0);
    expect(apart(0)).toEqual(['a']);
    slow.took([b, c], 5, 100);
    slow.took([a], 500, 500);
    expect(apart(501)).toEqual(['a']);
    expect(apart(10_501)).toEqual([]);
  });

  it('share on when all of them are slow, and have no second trial soon', () => {
    slow.took([a, b, c], 300, 0);
    for (const partition of [a, b, c]) slow.took([partition], 200, 200);
    expect(apart(201)).toEqual([]);
    slow.took([a, b, c], 300, 9_999);
    expect(apart(9_999)).toEqual([]);
    slow.took([a, b, c], 300, 10_000);
    expect(apart(10_000)).toEqual(['a', 'b', 'c']);
  });

  it('are quick again when they were slow only once', () => {
    slow.took([a, b], 500, 0);
    slow.took([a], 5, 10);
    slow.took([b], 6, 10);
    expect(apart(11)).toEqual([]);
  });
});
