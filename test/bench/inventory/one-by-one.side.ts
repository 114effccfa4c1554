import { appRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS, type LocalStack } from '@millrace/stack';
import type { DrainSide } from '../drain-fleet/drain-side.js';
import type { EffectBacklog } from '../drain-fleet/effect-backlog.js';
import { ourMembers, type Member } from '../drain-fleet/service-tables.js';
import { Companion } from '../harness/companion.js';

/** What the peer is started with. */
export interface OneByOneTask {
  readonly kafka: string;
  /** Connection string of the inventory service's role. */
  readonly database: string;
}

/** Our statements and our tables, prepared and with the same pool, but a transaction for every reservation. */
export class OneByOneSide implements DrainSide {
  private running: Companion | undefined;

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return ourMembers(services);
  }

  async start(): Promise<void> {
    const program = new URL('./one-by-one.main.ts', import.meta.url);
    const task: OneByOneTask = {
      kafka: this.stack.kafka,
      database: this.stack.urlFor(appRole('inventory')),
    };
    this.running = await Companion.start({ program, nodeOptions: SERVICE_NODE_OPTIONS }, task);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  pids(): Readonly<Record<string, number>> {
    const pid = this.running?.pid;
    return pid === undefined ? {} : { 'one by one': pid };
  }

  async remarks(): Promise<string> {
    return '';
  }
}
