import type { MemoryMark } from '../drain/drain-task.js';
import type { BenchRow } from '../harness/benchmark.js';
import { rowOf } from '../harness/comparison.js';
import { median } from '../harness/statistics.js';

const MIB = 2 ** 20;

/** What the garbage collector could not free may differ that much by what a fetch has just brought. */
const NO_GROWTH = 1.25;

/** Around a moment of a drain marks are gathered, because each catches the queues at another filling. */
const WINDOW = 0.15;

/** Marks of the drains whose memory was measured. */
export interface MemoryMarks {
  /** Ours with 20,000 events. */
  readonly small: readonly MemoryMark[];
  /** Ours with 100,000 events. */
  readonly large: readonly MemoryMark[];
  /** The peer's with 100,000 events. */
  readonly peer: readonly MemoryMark[];
}

/** Rows that show whether our heap grows while a backlog is drained, or with its size. */
export function memoryRows({ small, large, peer }: MemoryMarks, peerName: string): BenchRow[] {
  const mib = { unit: 'MiB', better: 'lower' } as const;
  const growth = { ...mib, target: NO_GROWTH };
  const heap = 'heap after collection';
  return [
    rowOf(
      { ...growth, what: `${heap} at 80% of 100,000`, peerName: 'ours at 20%' },
      [heapAt(large, 0.8)],
      [heapAt(large, 0.2)],
    ),
    rowOf(
      { ...growth, what: `${heap} at 50% of 100,000`, peerName: 'ours at 50% of 20,000' },
      [heapAt(large, 0.5)],
      [heapAt(small, 0.5)],
    ),
    rowOf({ ...mib, what: `${heap} at 50% of 100,000`, peerName }, [heapAt(large, 0.5)], [heapAt(peer, 0.5)]),
    rowOf(
      { ...mib, what: 'fetched records in buffers at 50%', peerName },
      [buffersAt(large, 0.5)],
      [buffersAt(peer, 0.5)],
    ),
  ];
}

/** The three moments in a few words. */
export function memoryText(marks: readonly MemoryMark[]): string {
  return [0.2, 0.5, 0.8].map((done) => `${heapAt(marks, done).toFixed(1)} MiB at ${done * 100}%`).join(', ');
}

function heapAt(marks: readonly MemoryMark[], done: number): number {
  return median(near(marks, done).map(({ heapBytes }) => heapBytes / MIB));
}

function buffersAt(marks: readonly MemoryMark[], done: number): number {
  return median(near(marks, done).map(({ bufferBytes }) => bufferBytes / MIB));
}

function near(marks: readonly MemoryMark[], done: number): readonly MemoryMark[] {
  return marks.filter((mark) => Math.abs(mark.done - done) <= WINDOW);
}
