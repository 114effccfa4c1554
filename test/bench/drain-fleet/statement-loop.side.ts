import { appRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS, type LocalStack } from '@millrace/stack';
import { Companion } from '../harness/companion.js';
import type { DrainSide } from './drain-side.js';
import type { EffectBacklog } from './effect-backlog.js';
import { ourMembers, type Member } from './service-tables.js';

/** What the loop is started with. */
export interface StatementLoopTask {
  readonly kafka: string;
  /** Connection string of the analytics service's role. */
  readonly database: string;
}

/** The statements of our analytics service in a plain `eachBatch` loop: what is left of the runtime's cost. */
export class StatementLoopSide implements DrainSide {
  private loop: Companion | undefined;

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return ourMembers(services);
  }

  async start(): Promise<void> {
    const program = new URL('./statement-loop.main.ts', import.meta.url);
    const task: StatementLoopTask = {
      kafka: this.stack.kafka,
      database: this.stack.urlFor(appRole('analytics')),
    };
    this.loop = await Companion.start({ program, nodeOptions: SERVICE_NODE_OPTIONS }, task);
  }

  async stop(): Promise<void> {
    await this.loop?.stop();
    this.loop = undefined;
  }

  pids(): Readonly<Record<string, number>> {
    const pid = this.loop?.pid;
    return pid === undefined ? {} : { loop: pid };
  }

  async remarks(): Promise<string> {
    return '';
  }
}
