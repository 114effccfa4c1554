import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cpuText, generatorText } from '../cost/usage-notes.js';
import type { Benchmark, BenchOutcome, BenchRequest } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import { profileLines, readProfile } from '../harness/cpu-profile.js';
import type { LoadMeasure, LoadPhase, PhaseMeasure } from '../load/load-task.js';
import { IntakePlace } from './intake-place.js';
import { INTAKES, IntakeRace } from './intake-race.js';

const WARM_UP: LoadPhase = { connections: 64, seconds: 3 };
const MEASURED: readonly LoadPhase[] = [
  { connections: 64, seconds: 7 },
  { connections: 16, seconds: 3 },
  { connections: 1, seconds: 3 },
];
const SAVE = 'Nest + Fastify + save()';

/** What taking an order costs. */
export const intake: Benchmark = {
  name: 'intake',
  question:
    'How many orders per second does the order service commit with lines and event, compared with the same endpoint in which TypeORM saves them in a transaction?',
  capture: false,
  async run(stack, request) {
    const place = await IntakePlace.make(stack);
    try {
      const race = new IntakeRace(stack, place);
      const run = { phases: [WARM_UP, ...MEASURED] };
      const measures = await interleaved(
        request.pairs,
        { ours: () => race.run(INTAKES.ours, run), save: () => race.run(INTAKES.save, run) },
        (round, side, { phases }) =>
          request.say(`pair ${round}, ${side}: ${phases.map(rateText).join(', ')}`),
      );
      return outcome(measures, await profiled(race, request));
    } finally {
      await place.drop();
    }
  },
};

async function profiled(race: IntakeRace, { profile, results, say }: BenchRequest): Promise<string[]> {
  if (!profile) return [];
  const folder = join(results, 'intake-profile');
  mkdirSync(folder, { recursive: true });
  const known = new Set(readdirSync(folder));
  say('profiling ours');
  await race.run(INTAKES.ours, {
    phases: [WARM_UP, { connections: 64, seconds: 5 }],
    nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  });
  const made = readdirSync(folder).filter((name) => !known.has(name));
  return made.flatMap((name) => [`profile ${name}:`, ...profileLines(readProfile(join(folder, name)))]);
}

function outcome(measures: Record<'ours' | 'save', readonly LoadMeasure[]>, notes: string[]): BenchOutcome {
  const at = (side: 'ours' | 'save', connections: number): PhaseMeasure[] => {
    const index = 1 + MEASURED.findIndex((phase) => phase.connections === connections);
    return measures[side].flatMap(({ phases }) => phases[index] ?? []);
  };
  const rate = { unit: 'orders/s', better: 'higher', peerName: SAVE } as const;
  const latency = { unit: 'ms', better: 'lower', peerName: SAVE } as const;
  const rates = (side: 'ours' | 'save', connections: number) =>
    at(side, connections).map(({ perSecond }) => perSecond);
  const row = (of: 'p50' | 'p99', target: number | null) =>
    rowOf(
      { ...latency, what: `${of} of POST /orders, 64 connections`, target },
      at('ours', 64).map((phase) => phase[of]),
      at('save', 64).map((phase) => phase[of]),
    );
  return {
    rows: [
      ...MEASURED.map(({ connections }) =>
        rowOf(
          {
            ...rate,
            what: `POST /orders, ${connections} connection${connections === 1 ? '' : 's'}`,
            target: connections === 64 ? 5 : null,
          },
          rates('ours', connections),
          rates('save', connections),
        ),
      ),
      row('p50', null),
      row('p99', 1),
    ],
    notes: [
      'both sides: the same schemas and rule, the same tables from the same migrations in a schema each, pool of 10, Node options of a service, a new process and empty tables for every run; orders, lines and events in the database equal the 201 answers',
      'ours also looks up Idempotency-Keys, checks the event against its contract and makes spans and metrics (exported to nobody); the peer does none of it',
      'only our outbox is in a publication: its slot is read by nobody, and what Postgres writes does not depend on it',
      'capture, keeper and consumers are stopped; Kafka is up and idle, because the order service also listens to its checks',
      `CPU per 1,000 orders at 64 connections, ours: ${cpuText(at('ours', 64))}`,
      `CPU per 1,000 orders at 64 connections, ${SAVE}: ${cpuText(at('save', 64))}`,
      `the generator was busy for ${generatorText(at('ours', 64))} with ours and ${generatorText(at('save', 64))} with the peer, on the same cores`,
      ...notes,
    ],
  };
}

function rateText({ perSecond }: PhaseMeasure): string {
  return `${perSecond.toFixed(0)}/s`;
}
