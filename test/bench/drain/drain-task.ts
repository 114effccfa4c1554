/** What a contestant is to drain, and how it is watched. */
export interface DrainTask {
  /** host:port of the broker. */
  readonly kafka: string;
  /** Connection string of the group's role. */
  readonly database: string;
  readonly group: string;
  /** Events that wait, by partition. */
  readonly backlog: readonly number[];
  /** Connections of the pool. */
  readonly poolSize: number;
  /** A partition whose effect takes that long per batch; the drain ends without it. */
  readonly slow?: { readonly partition: number; readonly perBatchMs: number };
  /** Collects garbage and measures the memory that is left, 25 times on the way; costs time. @default false */
  readonly memory?: boolean;
  /** File for a CPU profile of the drain. */
  readonly profile?: string;
}

/** Memory that was reachable at a moment of a drain. */
export interface MemoryMark {
  /** Share of the backlog that was committed, 0 to 1. */
  readonly done: number;
  /** Objects, in bytes. */
  readonly heapBytes: number;
  /** Buffers outside of the heap: records that were fetched and wait, in bytes. */
  readonly bufferBytes: number;
}

/** What a contestant measured. */
export interface DrainMeasure {
  /** From the first fetched record to the last committed effect of the partitions that count. */
  readonly seconds: number;
  /** CPU time of the process in that time, all threads. */
  readonly cpuSeconds: number;
  /** Effects that were committed in that time on the partitions that count. */
  readonly drained: number;
  /** Effects that were committed until the end of the process, on all partitions. */
  readonly effects: number;
  readonly memory: readonly MemoryMark[];
}
