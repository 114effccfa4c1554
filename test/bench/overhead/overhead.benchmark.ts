import { join } from 'node:path';
import { DrainRace, DRAINERS, evenly, PARTITIONS, rateOf } from '../drain/drain-race.js';
import type { DrainMeasure } from '../drain/drain-task.js';
import type { Benchmark, BenchOutcome, BenchRequest } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import type { Contestant } from '../harness/contestant.js';
import { profileLines, readProfile } from '../harness/cpu-profile.js';
import { memoryRows, memoryText } from './memory-rows.js';

const LARGE = Math.ceil(100_000 / PARTITIONS);
const SMALL = Math.ceil(20_000 / PARTITIONS);
/** One partition behind and five that wait for events: fetching must not wait for those. */
const ON_ONE_PARTITION = evenly(0).with(0, LARGE);
const EACH_BATCH = 'bare kafkajs eachBatch';
const EACH_BATCH_PATCHED = 'the same, our patches and flags';

/** What the runtime costs: a backlog and no effect. */
export const overhead: Benchmark = {
  name: 'overhead',
  question:
    'How fast does one process drain 100,000 events with an empty effect, compared with a bare kafkajs eachBatch loop with the same inbox statement, and does its heap grow with the backlog?',
  capture: false,
  async run(stack, request) {
    const race = new DrainRace(stack);
    request.say(`producing ${LARGE * PARTITIONS} events`);
    await race.backlog.fill(LARGE);
    const memory = await measureMemory(race, request);
    const measures = await interleaved(
      request.pairs,
      {
        ours: () => race.run(DRAINERS.ours, { backlog: evenly(LARGE) }),
        eachBatch: () => race.run(DRAINERS.eachBatch, { backlog: evenly(LARGE) }),
        eachBatchPatched: () => race.run(DRAINERS.eachBatchPatched, { backlog: evenly(LARGE) }),
        oursOnOne: () => race.run(DRAINERS.ours, { backlog: ON_ONE_PARTITION }),
        eachBatchOnOne: () => race.run(DRAINERS.eachBatch, { backlog: ON_ONE_PARTITION }),
      },
      (round, side, measure) => request.say(`pair ${round}, ${side}: ${rateOf(measure).toFixed(0)} events/s`),
    );
    const notes = await profiled(race, request);
    return outcome({ ...measures, memory, notes });
  },
};

/** Memory runs come first: they also warm the servers up. */
async function measureMemory(race: DrainRace, { say }: BenchRequest) {
  const marks = async (contestant: Contestant, perPartition: number) => {
    const { memory } = await race.run(contestant, { backlog: evenly(perPartition), memory: true });
    return memory;
  };
  const memory = {
    small: await marks(DRAINERS.ours, SMALL),
    large: await marks(DRAINERS.ours, LARGE),
    peer: await marks(DRAINERS.eachBatch, LARGE),
  };
  say(`heap after collection, ours: ${memoryText(memory.large)}`);
  return memory;
}

async function profiled(race: DrainRace, { profile, results, say }: BenchRequest): Promise<string[]> {
  if (!profile) return [];
  const notes: string[] = [];
  for (const side of ['ours', 'eachBatch'] as const) {
    const file = join(results, `overhead-${side}.cpuprofile`);
    say(`profiling ${side}`);
    await race.run(DRAINERS[side], { backlog: evenly(LARGE), profile: file });
    notes.push(`profile of ${side}:`, ...profileLines(readProfile(file)));
  }
  return notes;
}

interface Findings {
  readonly ours: readonly DrainMeasure[];
  readonly eachBatch: readonly DrainMeasure[];
  readonly eachBatchPatched: readonly DrainMeasure[];
  readonly oursOnOne: readonly DrainMeasure[];
  readonly eachBatchOnOne: readonly DrainMeasure[];
  readonly memory: Awaited<ReturnType<typeof measureMemory>>;
  readonly notes: readonly string[];
}

function outcome({ memory, notes, ...measures }: Findings): BenchOutcome {
  const { ours, eachBatch, eachBatchPatched, oursOnOne, eachBatchOnOne } = measures;
  const drain = { what: 'drain of 100,000, empty effect', unit: 'events/s', better: 'higher' } as const;
  const cpu = { what: 'CPU of the process', unit: 'ms per 1,000 events', better: 'lower' } as const;
  return {
    rows: [
      rowOf({ ...drain, peerName: EACH_BATCH, target: 0.95 }, ours.map(rateOf), eachBatch.map(rateOf)),
      rowOf({ ...drain, peerName: EACH_BATCH_PATCHED }, ours.map(rateOf), eachBatchPatched.map(rateOf)),
      rowOf(
        {
          ...drain,
          what: `${LARGE.toLocaleString('en')} on one partition, the others quiet`,
          peerName: EACH_BATCH,
        },
        oursOnOne.map(rateOf),
        eachBatchOnOne.map(rateOf),
      ),
      rowOf({ ...cpu, peerName: EACH_BATCH }, ours.map(cpuOf), eachBatch.map(cpuOf)),
      ...memoryRows(memory, EACH_BATCH),
    ],
    notes: [
      'bare kafkajs is 2.2.4 as it is published; our patches spare its decoder work and our services run with a larger young generation, so a row shows the loop with both',
      'both sides: one process, 6 partitions, transactions of at most 500, pool of 10, prepared statements; 100,002 distinct inbox rows after every run',
      'ours also checks ids and contracts, keeps order and offsets, and has retries and dead letters at hand; no telemetry SDK runs on either side',
      ...notes,
    ],
  };
}

function cpuOf({ cpuSeconds, drained }: DrainMeasure): number {
  return (cpuSeconds * 1_000) / (drained / 1_000);
}
