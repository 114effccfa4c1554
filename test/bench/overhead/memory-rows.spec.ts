import { describe, expect, it } from '@jest/globals';
import type { MemoryMark } from '../drain/drain-task.js';
import { memoryRows } from './memory-rows.js';

const MIB = 2 ** 20;

/** 25 marks whose heap follows the function, in MiB, with one that caught a full queue. */
function marks(heap: (done: number) => number): MemoryMark[] {
  return Array.from({ length: 25 }, (_, index) => {
    const done = (index + 1) / 25;
    const heapBytes = (heap(done) + (index % 6 === 0 ? 40 : 0)) * MIB;
    return { done, heapBytes, bufferBytes: 8 * MIB };
  });
}

const steady = marks(() => 50);

describe('rows of memory', () => {
  it('are met by a heap that does not grow, whatever a single mark caught', () => {
    const rows = memoryRows({ small: steady, large: steady, peer: steady }, 'bare');
    expect(rows.map(({ ratio, met }) => [ratio, met])).toEqual([
      [1, true],
      [1, true],
      [1, null],
      [1, null],
    ]);
  });

  it('are missed by a heap that grows while the backlog is drained', () => {
    const growing = marks((done) => 40 + 60 * done);
    const [first] = memoryRows({ small: steady, large: growing, peer: steady }, 'bare');
    expect(first?.met).toBe(false);
  });

  it('are missed by a heap that is larger when the backlog is', () => {
    const [, second] = memoryRows({ small: steady, large: marks(() => 80), peer: steady }, 'bare');
    expect(second?.met).toBe(false);
  });
});
