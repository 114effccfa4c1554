import { consumersOf, OrderCreated, topology } from '@millrace/contracts';
import type { Benchmark, BenchOutcome, BenchRow } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { LiveFleet } from '../load/live-fleet.js';
import type { LoadPhase } from '../load/load-task.js';
import type { Effect } from '../load/order-effects.js';
import { CapturedRecords } from './captured-records.js';
import { ConnectorSwitch, type Capture } from './connector-switch.js';
import { LONE_PER_SECOND, loneTimes, type LoneConsumer, type LoneMeasure } from './lone-consumers.js';
import { completionTimes, partsText, percentile, servicesText } from './way-times.js';

/** A pair takes most of a minute: more of them would leave the other benchmarks no time. */
const MOST_PAIRS = 2;
const CONNECTIONS = 64;
const [CALM, BUSY] = [100, 500] as const;
const SECONDS = { warmUp: 2, calm: 6, busy: 10 } as const;
const PHASES = [
  phase(CALM, SECONDS.warmUp),
  phase(CALM, SECONDS.calm),
  phase(BUSY, SECONDS.warmUp),
  phase(BUSY, SECONDS.busy),
];
const DEFAULTS = "the fleet with Debezium's defaults";
const SERVICES = consumersOf(topology, OrderCreated.topic).map(({ name }) => name);

/** Effects by rate of one run. */
type Ways = Readonly<Record<'calm' | 'busy', readonly Effect[]>>;

/** How long an order takes to be known everywhere. */
export const latency: Benchmark = {
  name: 'latency',
  question:
    "How long does an order take from its commit to the commit of its effect in all five services, compared with the same fleet under Debezium's defaults?",
  capture: true,
  async run(stack, { pairs, say }) {
    const fleet = await LiveFleet.start(stack);
    const connector = await ConnectorSwitch.take(stack);
    try {
      const captured = await CapturedRecords.since(stack);
      // The first orders find the services cold.
      await fleet.run([phase(BUSY, 5)]);
      const rounds = Math.min(pairs, MOST_PAIRS);
      const measures = await interleaved(
        rounds,
        {
          tuned: () => waysOf(fleet, connector, 'tuned'),
          defaults: () => waysOf(fleet, connector, 'defaults'),
        },
        (round, side, { busy }) =>
          say(`pair ${round}, ${side}: p50 ${at(busy, 0.5).toFixed(1)} ms at ${BUSY} orders/s`),
      );
      const times = await captured.timestamps();
      const lone = await loneConsumers(stack, fleet, connector, say);
      return outcome(measures, times, lone, rounds);
    } finally {
      await fleet.stop();
      await connector.giveBack();
    }
  },
};

async function waysOf(fleet: LiveFleet, connector: ConnectorSwitch, capture: Capture): Promise<Ways> {
  await connector.use(capture);
  const [, calm, , busy] = await fleet.run(PHASES);
  if (!calm || !busy) throw new RangeError('a load measures every phase');
  return {
    calm: (await fleet.effects(calm)).effects,
    busy: (await fleet.effects(busy)).effects,
  };
}

/** The consumers have the machine to themselves: no service runs beside them. */
async function loneConsumers(
  stack: BenchStack,
  fleet: LiveFleet,
  connector: ConnectorSwitch,
  say: (step: string) => void,
) {
  await fleet.stop();
  await connector.use('tuned');
  return loneTimes(stack, say);
}

type Measures = Readonly<Record<Capture, readonly Ways[]>>;

function outcome(
  { tuned, defaults }: Measures,
  captured: ReadonlyMap<string, number>,
  lone: Readonly<Record<LoneConsumer, LoneMeasure>>,
  rounds: number,
): BenchOutcome {
  const wayRow = (rate: 'calm' | 'busy', share: number, bounds: { limit?: number; target?: number } = {}) =>
    rowOf(
      {
        what: `p${share * 100}, commit → all five effects, ${rate === 'busy' ? BUSY : CALM}/s`,
        unit: 'ms',
        better: 'lower',
        peerName: DEFAULTS,
        ...bounds,
      },
      tuned.map((ways) => at(ways[rate], share)),
      defaults.map((ways) => at(ways[rate], share)),
    );
  const parts = (of: readonly Ways[]) =>
    partsText(
      of.flatMap(({ busy }) => busy),
      captured,
    );
  return {
    rows: [
      wayRow('busy', 0.5, { limit: 20, target: 0.05 }),
      wayRow('busy', 0.99, { limit: 75 }),
      wayRow('calm', 0.5),
      wayRow('calm', 0.99),
      ...loneRows(lone),
    ],
    notes: [
      `${rounds} pairs of ${SECONDS.busy} s at ${BUSY} and ${SECONDS.calm} s at ${CALM} orders/s, on schedule; the slowest of ${SERVICES.length} services counts; by the commit timestamps of Postgres`,
      `${DEFAULTS}: the same connector without poll interval, queue sizes, heartbeat and producer settings; the same slot, publication, routing and worker, and the keeper rests on both sides`,
      `medians of an effect at ${BUSY}/s, ours: ${parts(tuned)}`,
      `medians of an effect at ${BUSY}/s, defaults: ${parts(defaults)}`,
      `medians by service at ${BUSY}/s, ours: ${servicesText(tuned.flatMap(({ busy }) => busy))}`,
      `one consumer alone: the same events and the same effect, an id in a table; pg-transactional-outbox reads its outbox from Postgres (polling every 500 ms, its default, or logical replication), ours goes through Debezium and Kafka`,
      ...missingNotes(lone),
    ],
  };
}

function loneRows({ ours, ...peers }: Readonly<Record<LoneConsumer, LoneMeasure>>): BenchRow[] {
  return Object.entries(peers).flatMap(([mode, { times }]) =>
    [0.5, 0.99].map((share) =>
      rowOf(
        {
          what: `p${share * 100}, commit → one consumer, ${LONE_PER_SECOND}/s`,
          unit: 'ms',
          better: 'lower',
          peerName: `pg-transactional-outbox, ${mode}`,
        },
        [percentile(ours.times, share)],
        [percentile(times, share)],
      ),
    ),
  );
}

/** A consumer's times are those of the events that it did not leave out. */
function missingNotes(lone: Readonly<Record<LoneConsumer, LoneMeasure>>): string[] {
  return Object.entries(lone).flatMap(([mode, { written, times }]) =>
    times.length === written
      ? []
      : [
          `${mode}: ${written - times.length} of ${written} events had no effect 10 s after the last one was written`,
        ],
  );
}

function phase(perSecond: number, seconds: number): LoadPhase {
  return { perSecond, seconds, connections: CONNECTIONS };
}

function at(effects: readonly Effect[], share: number): number {
  return percentile(completionTimes(effects), share);
}
