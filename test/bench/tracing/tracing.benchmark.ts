import { cpuText, generatorText } from '../cost/usage-notes.js';
import { BenchError } from '../harness/bench.error.js';
import type { Benchmark, BenchOutcome } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import { median } from '../harness/statistics.js';
import { IntakePlace } from '../intake/intake-place.js';
import { INTAKES, IntakeRace } from '../intake/intake-race.js';
import type { LoadPhase, PhaseMeasure } from '../load/load-task.js';
import { TraceSink } from './trace-sink.js';

const CONNECTIONS = 64;
const WARM_UP: LoadPhase = { connections: CONNECTIONS, seconds: 2 };
const MEASURED: LoadPhase = { connections: CONNECTIONS, seconds: 4 };
const PHASES = [WARM_UP, MEASURED];
const ON = 'traced and exported';
const NONE = 'no trace sampled';
const OFF = 'telemetry off';

/** A request has a span of its own, one of its placing and one of its event; a group has those of its statements. */
const SPANS_PER_ORDER = 3;

/** What one side of a pair measured. */
interface TracedIntake {
  readonly measured: PhaseMeasure;
  /** Spans that the receiver got for each order. */
  readonly spansPerOrder: number;
}

/** What tracing costs. */
export const tracing: Benchmark = {
  name: 'tracing',
  question:
    'How many of its orders per second does the order service keep while every trace is sampled and sent to a receiver?',
  capture: false,
  async run(stack, { pairs, say }) {
    const place = await IntakePlace.make(stack);
    const sink = await TraceSink.start();
    try {
      const race = new IntakeRace(stack, place);
      const measures = await interleaved(
        pairs,
        {
          [ON]: () => traced(race, sink, { ...sentTo(sink), OTEL_TRACES_SAMPLER_ARG: '1' }),
          [NONE]: () => traced(race, sink, { ...sentTo(sink), OTEL_TRACES_SAMPLER_ARG: '0' }),
          [OFF]: () => traced(race, sink, { OTEL_SDK_DISABLED: 'true' }),
        },
        (round, side, { measured }) =>
          say(`pair ${round}, ${side}: ${measured.perSecond.toFixed(0)} orders/s`),
      );
      return outcome(measures[ON], measures[NONE], measures[OFF]);
    } finally {
      await sink.stop();
      await place.drop();
    }
  },
};

function sentTo(sink: TraceSink): Readonly<Record<string, string>> {
  return { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
}

async function traced(
  race: IntakeRace,
  sink: TraceSink,
  environment: Readonly<Record<string, string>>,
): Promise<TracedIntake> {
  const before = await sink.spans();
  const { phases } = await race.run(INTAKES.ours, {
    phases: PHASES,
    environment,
    watched: { receiver: sink.pid },
  });
  const measured = phases[1];
  if (!measured) throw new RangeError('the load had no measured phase');
  const orders = phases.reduce((sum, phase) => sum + phase.orders, 0);
  return { measured, spansPerOrder: ((await sink.spans()) - before) / orders };
}

function outcome(
  on: readonly TracedIntake[],
  none: readonly TracedIntake[],
  off: readonly TracedIntake[],
): BenchOutcome {
  const received = median(on.map(({ spansPerOrder }) => spansPerOrder));
  if (Math.min(...on.map(({ spansPerOrder }) => spansPerOrder)) === 0) {
    throw new BenchError('INCORRECT', 'the receiver got no spans of a side that is traced');
  }
  if ([...none, ...off].some(({ spansPerOrder }) => spansPerOrder > 0)) {
    throw new BenchError('INCORRECT', 'the receiver got spans of a side that is not traced');
  }
  const of = (side: readonly TracedIntake[], what: 'perSecond' | 'p50' | 'p99') =>
    side.map(({ measured }) => measured[what]);
  const phases = (side: readonly TracedIntake[]) => side.map(({ measured }) => measured);
  const what = `POST /orders, ${CONNECTIONS} connections`;
  const rate = { unit: 'orders/s', better: 'higher' } as const;
  const latency = { unit: 'ms', better: 'lower', peerName: OFF } as const;
  return {
    rows: [
      rowOf(
        { ...rate, what: `${what}, ${ON}`, peerName: OFF, target: 0.9 },
        of(on, 'perSecond'),
        of(off, 'perSecond'),
      ),
      rowOf({ ...rate, what: `${what}, ${ON}`, peerName: NONE }, of(on, 'perSecond'), of(none, 'perSecond')),
      rowOf(
        { ...rate, what: `${what}, ${NONE}`, peerName: OFF },
        of(none, 'perSecond'),
        of(off, 'perSecond'),
      ),
      rowOf({ ...latency, what: `p50, ${ON}` }, of(on, 'p50'), of(off, 'p50')),
      rowOf({ ...latency, what: `p99, ${ON}` }, of(on, 'p99'), of(off, 'p99')),
    ],
    notes: [
      `the receiver is a process of its own that reads every export; it got ${received.toFixed(1)} spans per order, of about ${SPANS_PER_ORDER} and those of a group's statements: what a full queue drops is lost, never waited for`,
      'no trace sampled: the same SDK and metrics, but every span is a no-op',
      'telemetry off is OTEL_SDK_DISABLED: no spans, no metrics',
      `CPU per 1,000 orders, ${ON}: ${cpuText(phases(on))}`,
      `CPU per 1,000 orders, ${NONE}: ${cpuText(phases(none))}`,
      `CPU per 1,000 orders, ${OFF}: ${cpuText(phases(off))}`,
      `the generator was busy for ${generatorText(phases(on))} and ${generatorText(phases(off))}`,
    ],
  };
}
