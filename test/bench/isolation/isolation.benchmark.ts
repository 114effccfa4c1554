import { DrainRace, DRAINERS, PARTITIONS, rateOf, type DrainRequest } from '../drain/drain-race.js';
import type { DrainMeasure } from '../drain/drain-task.js';
import type { Benchmark, BenchOutcome } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';

const PER_PARTITION = 9_000;
const SLOW = { partition: PARTITIONS - 1, perBatchMs: 500 } as const;

/** A backlog on every partition, and one of them slow. */
const BESIDE_SLOW: DrainRequest = { backlog: backlogOf(PER_PARTITION), slow: SLOW };

/** The same five partitions with the machine to themselves: a harder mirror than six that share it. */
const ALONE: DrainRequest = { backlog: backlogOf(0) };

/** What a slow partition costs the others. */
export const isolation: Benchmark = {
  name: 'isolation',
  question:
    "How much of their throughput do five partitions keep while the sixth one's handler takes 500 ms per batch?",
  capture: false,
  async run(stack, { pairs, say }) {
    const race = new DrainRace(stack);
    say(`producing ${PER_PARTITION * PARTITIONS} events`);
    await race.backlog.fill(PER_PARTITION);
    // The first drain finds the servers cold.
    await race.run(DRAINERS.ours, ALONE);
    const measures = await interleaved(
      pairs,
      {
        'ours beside a slow partition': () => race.run(DRAINERS.ours, BESIDE_SLOW),
        'ours without it': () => race.run(DRAINERS.ours, ALONE),
        'eachBatch beside a slow partition': () => race.run(DRAINERS.eachBatch, BESIDE_SLOW),
        'eachBatch without it': () => race.run(DRAINERS.eachBatch, ALONE),
      },
      (round, side, measure) =>
        say(`pair ${round}, ${side}: ${rateOf(measure).toFixed(0)} events/s on five partitions`),
    );
    return outcome(measures);
  },
};

type Side =
  | 'ours beside a slow partition'
  | 'ours without it'
  | 'eachBatch beside a slow partition'
  | 'eachBatch without it';

function outcome(measures: Readonly<Record<Side, readonly DrainMeasure[]>>): BenchOutcome {
  const rates = (side: Side) => measures[side].map(rateOf);
  const title = { unit: 'events/s', better: 'higher' } as const;
  const beside = rates('ours beside a slow partition');
  const besideSlow = 'five partitions beside one at 500 ms per batch';
  return {
    rows: [
      rowOf(
        { ...title, what: besideSlow, peerName: 'ours without the slow one', target: 0.9 },
        beside,
        rates('ours without it'),
      ),
      rowOf(
        { ...title, what: besideSlow, peerName: 'bare kafkajs eachBatch, the same' },
        beside,
        rates('eachBatch beside a slow partition'),
      ),
      rowOf(
        { ...title, what: 'the same on bare kafkajs eachBatch', peerName: 'eachBatch without the slow one' },
        rates('eachBatch beside a slow partition'),
        rates('eachBatch without it'),
      ),
    ],
    notes: [
      `a backlog of ${PER_PARTITION} events on each partition; the rate is that of the five, until all five are drained`,
      'without the slow one: the sixth partition has no backlog, so that the five have both cores to themselves',
    ],
  };
}

function backlogOf(onSlowPartition: number): number[] {
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    partition === SLOW.partition ? onSlowPartition : PER_PARTITION,
  );
}
