import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { ServerProcess } from '../harness/server-process.js';
import { generateLoad } from '../load/generate-load.js';
import type { LoadMeasure, LoadPhase } from '../load/load-task.js';
import { OURS, PEERS, SLOT, type IntakePlace } from './intake-place.js';

const POOL_SIZE = '10';

/** One side of the comparison. */
export interface Intake {
  readonly program: URL;
  readonly schema: string;
}

/** The sides. */
export const INTAKES = {
  /** The order service as it is built. */
  ours: { program: new URL('../../../apps/order/dist/main.js', import.meta.url), schema: OURS },
  /** The same endpoint with `save()`. */
  save: { program: new URL('../peers/intake-save.main.ts', import.meta.url), schema: PEERS },
} as const satisfies Record<string, Intake>;

/** How one intake is run. */
export interface IntakeRun {
  readonly phases: readonly LoadPhase[];
  /** Added to the environment of the service. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** Name → pid of what else is to be watched. */
  readonly watched?: Readonly<Record<string, number>>;
}

/** Lets services take the same orders one after the other, and counts what they kept. */
export class IntakeRace {
  constructor(
    private readonly stack: BenchStack,
    private readonly place: IntakePlace,
  ) {}

  /**
   * Starts the service anew on empty tables and puts the load on it. Throws `BenchError` INCORRECT unless the
   * database has one order with its lines and one event for every 201.
   */
  async run(intake: Intake, run: IntakeRun): Promise<LoadMeasure> {
    await this.place.clear(intake.schema);
    const environment = this.environment(intake, run);
    const url = `http://127.0.0.1:${environment['PORT']}`;
    const server = await ServerProcess.start({
      program: intake.program,
      nodeOptions: [...SERVICE_NODE_OPTIONS, ...(run.nodeOptions ?? [])],
      environment,
      probe: `${url}/health/ready`,
    });
    try {
      const watched = { service: server.pid, postgres: this.postgres, ...run.watched };
      const measure = await generateLoad({ url, phases: run.phases, watched });
      await this.check(intake, measure);
      return measure;
    } finally {
      await server.stop();
    }
  }

  private environment({ schema }: Intake, run: IntakeRun): Record<string, string> {
    return {
      ...this.stack.local.environmentOf('order'),
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      DATABASE_URL: this.place.url,
      DATABASE_SCHEMA: schema,
      DATABASE_POOL_SIZE: POOL_SIZE,
      CAPTURE_SLOT: SLOT,
      ...run.environment,
    };
  }

  private get postgres(): number {
    const pid = this.stack.local.processes()['postgres'];
    if (pid === undefined) throw new BenchError('CONTESTANT', 'Postgres does not run');
    return pid;
  }

  private async check({ schema }: Intake, { phases }: LoadMeasure): Promise<void> {
    const sum = (of: 'orders' | 'lines') => phases.reduce((total, phase) => total + phase[of], 0);
    const [orders, lines] = [sum('orders'), sum('lines')];
    const kept = await this.place.rows(schema);
    if (kept.orders === orders && kept.lines === lines && kept.events === orders) return;
    throw new BenchError(
      'INCORRECT',
      `${orders} orders of ${lines} lines were answered with 201, but ${schema} has ${kept.orders} orders, ${kept.lines} lines and ${kept.events} events: mend this side before its speed counts`,
    );
  }
}
