import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, BenchOutcome, BenchRow } from '../harness/benchmark.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { rowOf } from '../harness/comparison.js';
import { LiveFleet } from '../load/live-fleet.js';
import { postgresWrites, type PostgresWrites } from './postgres-writes.js';
import { usageBetween, usageIsKnown, usageNow, type Usage } from './process-usage.js';

const PER_SECOND = 200;
const CONNECTIONS = 32;
const WARM_UP = { perSecond: PER_SECOND, connections: CONNECTIONS, seconds: 5 };
const MEASURED = { perSecond: PER_SECOND, connections: CONNECTIONS, seconds: 20 };
/** What one costs depends on how many share a transaction, a fetch and a wake-up: it is looked at from both sides. */
const OTHER_RATES = [20, 100, 500] as const;
const GLANCE_S = 10;
const IDLE_MS = 5_000;
const MIB = 2 ** 20;

/** What was used, how long it took and for how many orders. */
interface Spending {
  readonly orders: number;
  readonly seconds: number;
  readonly usage: Readonly<Record<string, Usage>>;
  readonly postgres: PostgresWrites;
}

/** What an order costs the machine. */
export const cost: Benchmark = {
  name: 'cost',
  question: `What do 1,000 orders cost, by process, when the whole fleet takes ${PER_SECOND} per second?`,
  capture: true,
  async run(stack, { say }) {
    if (!usageIsKnown())
      return { rows: [], notes: ['this system has no /proc, which tells what processes use'] };
    const fleet = await LiveFleet.start(stack);
    try {
      await fleet.run([WARM_UP]);
      const idle = await spending(stack, () => pause(IDLE_MS, 0));
      const load = (perSecond: number, seconds: number) =>
        spending(stack, async () => {
          const phases = await fleet.run([{ ...MEASURED, perSecond, seconds }]);
          return phases.reduce((sum, { orders }) => sum + orders, 0);
        });
      say(`one run of ${MEASURED.seconds} s`);
      const busy = await load(PER_SECOND, MEASURED.seconds);
      const glances: [number, Spending][] = [];
      for (const rate of OTHER_RATES) {
        say(`${GLANCE_S} s at ${rate} orders/s`);
        glances.push([rate, await load(rate, GLANCE_S)]);
      }
      return outcome(idle, busy, glances);
    } finally {
      await fleet.stop();
    }
  },
};

async function spending(stack: BenchStack, work: () => Promise<number>): Promise<Spending> {
  const pids = stack.local.processes();
  const writesBefore = await postgresWrites(stack.local.postgres);
  const [startedAt, before] = [performance.now(), usageNow(pids)];
  const orders = await work();
  const usage = usageBetween(before, usageNow(pids));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { allBytes, walBytes } = await postgresWrites(stack.local.postgres);
  return {
    orders,
    seconds,
    usage,
    postgres: { allBytes: allBytes - writesBefore.allBytes, walBytes: walBytes - writesBefore.walBytes },
  };
}

function outcome(
  idle: Spending,
  busy: Spending,
  glances: readonly (readonly [rate: number, spent: Spending])[],
): BenchOutcome {
  const names = Object.keys(busy.usage);
  const thousands = busy.orders / 1_000;
  const cpu = (name: string) => (busy.usage[name]?.cpuSeconds ?? Number.NaN) / thousands;
  const bytes = (name: string) =>
    name === 'postgres' ? busy.postgres.allBytes : (busy.usage[name]?.writtenBytes ?? Number.NaN);
  const disk = (name: string) => bytes(name) / MIB / thousands;
  const sum = (of: (name: string) => number) => names.reduce((total, name) => total + of(name), 0);
  const idleCpu = names.map((name) => idle.usage[name]?.cpuSeconds ?? 0).reduce((a, b) => a + b, 0);
  const idleText = names.map((name) => `${name} ${percent(idle, name)}`).join(', ');
  return {
    rows: [
      alone('CPU, the whole fleet', 's per 1,000 orders', sum(cpu)),
      ...names.map((name) => alone(`CPU, ${name}`, 's per 1,000 orders', cpu(name))),
      ...glances.map(([rate, spent]) =>
        alone(`CPU, the whole fleet at ${rate}/s`, 's per 1,000 orders', cpuOf(spent)),
      ),
      alone('written, the whole fleet', 'MiB per 1,000 orders', sum(disk)),
      ...names.map((name) => alone(`written, ${name}`, 'MiB per 1,000 orders', disk(name))),
    ],
    notes: [
      `one run: ${busy.orders} orders with 1 to 3 lines in ${busy.seconds.toFixed(1)} s, each with its events, effects and mail; what runs anyway is in it`,
      `idle, the fleet used ${((idleCpu / idle.seconds) * 100).toFixed(0)}% of a core: ${idleText}`,
      `put into the write-ahead log: ${(busy.postgres.walBytes / busy.orders / 1_024).toFixed(1)} KiB per order`,
      'written: Postgres by its own account (pg_stat_io: tables, indexes, log), the others by the pages that they made dirty (/proc); the load generator and the mail sink are not counted',
    ],
  };
}

/** CPU seconds of all processes per 1,000 orders. */
function cpuOf({ usage, orders }: Spending): number {
  return (Object.values(usage).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / orders) * 1_000;
}

function alone(what: string, unit: string, value: number): BenchRow {
  return rowOf({ what, unit, better: 'lower', peerName: '' }, [value], null);
}

function percent({ usage, seconds }: Spending, name: string): string {
  return `${(((usage[name]?.cpuSeconds ?? 0) / seconds) * 100).toFixed(1)}%`;
}
