import { join } from 'node:path';
import { OrderCreated } from '@millrace/contracts';
import { PARTITIONS } from '../drain/drain-race.js';
import { besideTwins } from '../drain-fleet/beside-twins.js';
import { DrainRun, type Drained } from '../drain-fleet/drain-run.js';
import { EffectBacklog } from '../drain-fleet/effect-backlog.js';
import { NaiveSide } from '../drain-fleet/naive.side.js';
import { OurSide } from '../drain-fleet/ours.side.js';
import { PlainConsumerSide, type PlainConsumerProgram } from '../drain-fleet/plain-consumer.side.js';
import { clearEffects, ourMembers } from '../drain-fleet/service-tables.js';
import type { Benchmark, BenchOutcome, BenchRequest } from '../harness/benchmark.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import { profileLines, readProfile } from '../harness/cpu-profile.js';
import { NAIVE_ORDERS } from '../peers/naive/shared/naive-task.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import { phasesText, reservationPhases } from './reservation-phases.js';

/** Orders that wait on each partition. */
const BACKLOG = { ours: 10_000, oneByOne: 1_500, naive: 750 } as const;
const SERVICES = ['inventory'] as const;
/** How many times the rate of a transaction per reservation a batch must reach. */
const TIMES_ONE_BY_ONE = 10;
/** Orders of a full batch, and how many of them are looked into. */
const BATCH = { orders: 1_000, transactions: 20 } as const;
const ONE_BY_ONE: PlainConsumerProgram = {
  program: new URL('./one-by-one.main.ts', import.meta.url),
  service: 'inventory',
  label: 'one by one',
};
const SINGLE = { orders: 1, transactions: 500 } as const;

interface Sides {
  readonly ours: OurSide;
  readonly oneByOne: PlainConsumerSide;
  readonly naive: NaiveSide;
}

/** What one transaction per batch gains over one per reservation. */
export const inventory: Benchmark = {
  name: 'inventory',
  question:
    'How fast does one inventory process reserve stock for a backlog of orders, compared with a transaction per reservation on the same path: inbox, decision, lines, ledger, stock and outbox?',
  capture: false,
  run: (stack, request) => besideTwins(stack, (database) => measured(stack, database, request)),
};

async function measured(
  { local }: BenchStack,
  database: BenchDatabase,
  request: BenchRequest,
): Promise<BenchOutcome> {
  request.say(`producing ${BACKLOG.ours * PARTITIONS} orders`);
  const orders = await EffectBacklog.produce(local.kafka, OrderCreated.topic, BACKLOG.ours);
  const naive = await EffectBacklog.produce(local.kafka, NAIVE_ORDERS, BACKLOG.naive);
  try {
    const run = new DrainRun(local, database);
    const sides: Sides = {
      ours: new OurSide(local, orders),
      oneByOne: new PlainConsumerSide(local, orders, ONE_BY_ONE),
      naive: new NaiveSide(local, naive, PARTITIONS),
    };
    const drains = await race(run, sides, request);
    const profile = await profiled(run, sides, request);
    return {
      rows: rowsOf(drains),
      notes: [...notesOf(drains), ...(await phaseNotes(local, database)), ...profile],
    };
  } finally {
    await orders.close();
    await naive.close();
  }
}

type Drains = Readonly<Record<keyof Sides, readonly Drained[]>>;

function race(run: DrainRun, sides: Sides, { pairs, say }: BenchRequest): Promise<Drains> {
  const drain = (side: keyof Sides) => () =>
    run.run(sides[side], { services: SERVICES, perPartition: BACKLOG[side] });
  return interleaved<Drained, keyof Sides>(
    pairs,
    { ours: drain('ours'), oneByOne: drain('oneByOne'), naive: drain('naive') },
    (round, side, drained) => say(`pair ${round}, ${side}: ${rateOf(drained).toFixed(0)} reservations/s`),
  );
}

function rowsOf({ ours, oneByOne, naive }: Drains) {
  const rate = {
    what: 'reservations by one process',
    unit: 'reservations/s',
    better: 'higher',
  } as const;
  return [
    rowOf(
      { ...rate, peerName: 'a transaction per reservation', target: TIMES_ONE_BY_ONE },
      ours.map(rateOf),
      oneByOne.map(rateOf),
    ),
    rowOf({ ...rate, peerName: 'the same with save() on Nest Kafka' }, ours.map(rateOf), naive.map(rateOf)),
  ];
}

function rateOf({ rates }: Drained): number {
  return rates['inventory'] ?? Number.NaN;
}

function notesOf(drains: Drains): string[] {
  const where = (side: keyof Sides) => drains[side].at(-1)?.where ?? '';
  return [
    `ours drains ${eventsOf(BACKLOG.ours)} orders of two lines over 200 SKUs, the peer ${eventsOf(BACKLOG.oneByOne)} of them, the twin with save() ${eventsOf(BACKLOG.naive)}; 6 partitions at once and a pool of 10 on each side`,
    'a transaction per reservation: our own statements, tables and outbox, prepared, in kafkajs eachMessage on our patched client; the inbox statement is the runtime’s',
    'after every run each order had exactly one inbox row, decision and outbox row, and stock agreed with the lines',
    'rates are those between the first and the last commit by the commit timestamps of Postgres',
    `where the time went, ours: ${where('ours')}`,
    `where the time went, a transaction per reservation: ${where('oneByOne')}`,
  ];
}

/** What a transaction spends its time on when nobody else is there; the phase that limits stands first. */
async function phaseNotes(local: BenchStack['local'], database: BenchDatabase): Promise<string[]> {
  const [member] = ourMembers(SERVICES);
  const notes: string[] = [];
  for (const size of [BATCH, SINGLE]) {
    if (member) await clearEffects(database, member);
    const phases = phasesText(await reservationPhases(local, size));
    notes.push(`a transaction of ${size.orders}, alone on one connection: ${phases}`);
  }
  return notes;
}

async function profiled(run: DrainRun, sides: Sides, request: BenchRequest): Promise<string[]> {
  if (!request.profile) return [];
  const file = join(request.results, 'inventory-ours.cpuprofile');
  request.say('profiling ours');
  await run.run(sides.ours, { services: SERVICES, perPartition: BACKLOG.ours, profile: file });
  return ['profile of ours:', ...profileLines(readProfile(file))];
}

function eventsOf(perPartition: number): string {
  return (perPartition * PARTITIONS).toLocaleString('en');
}
