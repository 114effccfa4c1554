import type { LocalStack } from '@millrace/stack';
import { NaiveFleet } from '../peers/naive/naive-fleet.js';
import type { DrainSide } from './drain-side.js';
import type { EffectBacklog } from './effect-backlog.js';
import { naiveMembers, type Member } from './service-tables.js';

/** The twins of our services on Nest's own transport, a transaction per message. */
export class NaiveSide implements DrainSide {
  private readonly fleet = new NaiveFleet();

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
    private readonly partitionsAtOnce: number,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return naiveMembers(services);
  }

  start(services: readonly string[]): Promise<void> {
    const { kafka, postgres } = this.stack;
    return this.fleet.start(services, {
      kafka,
      database: postgres,
      partitionsAtOnce: this.partitionsAtOnce,
    });
  }

  stop(): Promise<void> {
    return this.fleet.stop();
  }

  pids(): Readonly<Record<string, number>> {
    return this.fleet.pids();
  }

  async remarks(): Promise<string> {
    return '';
  }
}
