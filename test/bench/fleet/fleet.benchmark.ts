import type { Benchmark, BenchOutcome } from '../harness/benchmark.js';
import { rowOf } from '../harness/comparison.js';
import { BenchDatabase } from '../watch/bench-database.js';
import { highestRate, type HighestRate } from './highest-rate.js';
import type { OrderLatency } from './lag-probe.js';
import { OurFleet } from './our-fleet.js';
import { TwinFleet } from './twin-fleet.js';

const TIMES_THE_TWIN = 5;

/** What a whole fleet keeps up with. */
export const fleet: Benchmark = {
  name: 'fleet',
  question:
    'How many orders per second does the whole fleet keep for 30 s with a lag below one second, compared with a fleet on the Kafka transport of Nest, save() and the defaults of Debezium?',
  capture: true,
  async run({ local }, { say }) {
    const database = await BenchDatabase.connect(local.postgres);
    try {
      const ours = await highestRate(new OurFleet(local, database), database, say);
      const twins = await highestRate(new TwinFleet(local, database), database, say);
      return outcome(ours, twins);
    } finally {
      await database.close();
    }
  },
};

function outcome(ours: HighestRate, twins: HighestRate): BenchOutcome {
  const peerName = 'a naive Nest fleet';
  const way = { unit: 'ms', better: 'lower', peerName } as const;
  const ways = { ours: ours.latencies.map(slowestOf), twins: twins.latencies.map(slowestOf) };
  return {
    rows: [
      rowOf(
        {
          what: 'orders kept for 30 s',
          unit: 'orders/s',
          better: 'higher',
          peerName,
          target: TIMES_THE_TWIN,
        },
        [ours.proof.accepted],
        [twins.proof.accepted],
      ),
      rowOf(
        { ...way, what: 'commit to all five effects then, p50' },
        [quantile(ways.ours, 0.5)],
        [quantile(ways.twins, 0.5)],
      ),
      rowOf(
        { ...way, what: 'commit to all five effects then, p99' },
        [quantile(ways.ours, 0.99)],
        [quantile(ways.twins, 0.99)],
      ),
    ],
    notes: [
      'one run of each side, whatever was asked: a rate is searched in steps of 4 s, missed when it is missed twice, and the one found proven for 30 s; orders come over HTTP from a process of its own, whether they are answered or not',
      'lag: age of the oldest sampled order (one every 25 ms) of which one of the five effects is missing, or of the oldest order that waits for its answer, looked at every 200 ms; a rate is kept while at most a tenth of the looks finds a second or more and none finds three: the defaults of Debezium add half a second, and single looks beyond one at any rate',
      'the naive fleet: one transaction with save() per order and per message, no validation, no traces, the connector with its defaults on the same worker; ours captures nothing while it runs',
      'afterwards every order of the outbox had its five effects, on both sides; no mail is sent on either side: the orders name no address',
      `ours, commit to effect at p50: ${stagesText(ours.latencies)}`,
      `where the time went, ours: CPU ${ours.cpu}`,
      `the naive fleet, commit to effect at p50: ${stagesText(twins.latencies)}`,
      `where the time went, the naive fleet: CPU ${twins.cpu}`,
    ],
  };
}

function stagesText(latencies: readonly OrderLatency[]): string {
  return Object.keys(latencies[0] ?? {})
    .map((service) => {
      const times = latencies.map((latency) => latency[service] ?? Number.NaN);
      return `${service} ${quantile(times, 0.5).toFixed(0)} ms`;
    })
    .join(', ');
}

function slowestOf(latency: OrderLatency): number {
  return Math.max(...Object.values(latency));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
