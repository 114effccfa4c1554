import { join } from 'node:path';
import { OrderCreated } from '@millrace/contracts';
import { PARTITIONS } from '../drain/drain-race.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import type { Benchmark, BenchOutcome, BenchRequest } from '../harness/benchmark.js';
import { interleaved } from '../harness/comparison.js';
import { profileLines, readProfile } from '../harness/cpu-profile.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { NAIVE_ORDERS } from '../peers/naive/shared/naive-task.js';
import { besideTwins } from './beside-twins.js';
import { DrainRun, type Drained } from './drain-run.js';
import { drainRows } from './drain-rows.js';
import { EffectBacklog } from './effect-backlog.js';
import { NaiveSide } from './naive.side.js';
import { CONSUMERS } from './service-tables.js';
import { OurSide } from './ours.side.js';
import { PlainConsumerSide, type PlainConsumerProgram } from './plain-consumer.side.js';

/** Events per partition. */
const BACKLOG = { ours: 16_668, naive: 1_000 } as const;
/** Five consumers have five times as much to do, and a rate does not depend on how long it lasts. */
const BACKLOG_OF_FIVE = { ours: BACKLOG.ours / 2, naive: 250 } as const;
/** One partition at a time takes longest of all. */
const BACKLOG_OF_DEFAULT = 200;
const ALONE = ['analytics'] as const;
const STATEMENT_LOOP: PlainConsumerProgram = {
  program: new URL('./statement-loop.main.ts', import.meta.url),
  service: 'analytics',
  label: 'loop',
};
/** A pair of all five takes as long as three of one. */
const MOST_PAIRS_OF_FIVE = 2;

interface Sides {
  readonly ours: OurSide;
  readonly loop: PlainConsumerSide;
  readonly naive: NaiveSide;
  readonly naiveDefault: NaiveSide;
}

/** What the fleet's consumers do with a backlog, with their real effects. */
export const drain: Benchmark = {
  name: 'drain',
  question:
    'How fast do our consumers drain a backlog of order.created, alone and all five at once, compared with the same effects on the Kafka transport of Nest, a transaction per message?',
  capture: false,
  run: (stack, request) => besideTwins(stack, (database) => measured(stack, database, request)),
};

async function measured(
  { local }: BenchStack,
  database: BenchDatabase,
  request: BenchRequest,
): Promise<BenchOutcome> {
  request.say(
    `producing ${BACKLOG.ours * PARTITIONS} events, and ${BACKLOG.naive * PARTITIONS} for the twins`,
  );
  const ours = await EffectBacklog.produce(local.kafka, OrderCreated.topic, BACKLOG.ours);
  const naive = await EffectBacklog.produce(local.kafka, NAIVE_ORDERS, BACKLOG.naive);
  try {
    const sides = {
      ours: new OurSide(local, ours),
      loop: new PlainConsumerSide(local, ours, STATEMENT_LOOP),
      naive: new NaiveSide(local, naive, PARTITIONS),
      naiveDefault: new NaiveSide(local, naive, 1),
    };
    return await race(new DrainRun(local, database), sides, request);
  } finally {
    await ours.close();
    await naive.close();
  }
}

async function race(run: DrainRun, sides: Sides, request: BenchRequest): Promise<BenchOutcome> {
  const { pairs, say } = request;
  const told = (round: number, side: string, { rates }: Drained) => {
    const texts = Object.entries(rates).map(([service, rate]) => `${service} ${rate.toFixed(0)}/s`);
    say(`pair ${round}, ${side}: ${texts.join(', ')}`);
  };
  const alone = await interleaved<Drained, 'ours' | 'loop' | 'naive' | 'naiveDefault'>(
    pairs,
    {
      ours: () => run.run(sides.ours, { services: ALONE, perPartition: BACKLOG.ours }),
      loop: () => run.run(sides.loop, { services: ALONE, perPartition: BACKLOG.ours }),
      naive: () => run.run(sides.naive, { services: ALONE, perPartition: BACKLOG.naive }),
      naiveDefault: () => run.run(sides.naiveDefault, { services: ALONE, perPartition: BACKLOG_OF_DEFAULT }),
    },
    told,
  );
  const five = await interleaved<Drained, 'ours' | 'naive'>(
    Math.min(pairs, MOST_PAIRS_OF_FIVE),
    {
      ours: () => run.run(sides.ours, { services: CONSUMERS, perPartition: BACKLOG_OF_FIVE.ours }),
      naive: () => run.run(sides.naive, { services: CONSUMERS, perPartition: BACKLOG_OF_FIVE.naive }),
    },
    told,
  );
  return {
    rows: drainRows(alone, five),
    notes: [...notesOf(alone, five), ...(await profiled(run, sides, request))],
  };
}

function notesOf(
  alone: Readonly<Record<'ours' | 'loop' | 'naive', readonly Drained[]>>,
  five: Readonly<Record<'ours' | 'naive', readonly Drained[]>>,
): string[] {
  const where = (title: string, drains: readonly Drained[]) => `${title}: ${drains.at(-1)?.where ?? ''}`;
  return [
    `alone, which is analytics: ours drains ${eventsOf(BACKLOG.ours)} events, its twin ${eventsOf(BACKLOG.naive)} (${eventsOf(BACKLOG_OF_DEFAULT)} with the default of Nest); of five each of ours ${eventsOf(BACKLOG_OF_FIVE.ours)}, each twin ${eventsOf(BACKLOG_OF_FIVE.naive)}; rates are compared`,
    'after every run, on both sides, all effects were counted and were there once each; no mail is sent on either side',
    'a twin: Nest microservice, Transport.KAFKA on the kafkajs of our services (our patch changes its speed, not what it does), 6 partitions at once where Nest starts with 1, TypeORM save() and a table of processed messages in one transaction per message, the same tables and business rules',
    `rates are those between the first and the last commit by the commit timestamps of Postgres, and of five those while all of them were at work; ${five.ours.length} pairs of five`,
    where('where the time went, ours alone', alone.ours),
    where('the same statements in a loop', alone.loop),
    where('the twin alone', alone.naive),
    where('our five', five.ours),
    where('the five twins', five.naive),
  ];
}

function eventsOf(perPartition: number): string {
  return (perPartition * PARTITIONS).toLocaleString('en');
}

async function profiled(run: DrainRun, sides: Sides, request: BenchRequest): Promise<string[]> {
  if (!request.profile) return [];
  const notes: string[] = [];
  for (const name of ['ours', 'naive'] as const) {
    const file = join(request.results, `drain-${name}.cpuprofile`);
    request.say(`profiling ${name}`);
    await run.run(sides[name], { services: ALONE, perPartition: BACKLOG[name], profile: file });
    notes.push(`profile of ${name}:`, ...profileLines(readProfile(file)));
  }
  return notes;
}
