import type { LocalStack } from '@millrace/stack';
import { clearEffects, CONSUMERS, naiveMembers } from '../drain-fleet/service-tables.js';
import { PARTITIONS } from '../drain/drain-race.js';
import { NaiveConnector } from '../peers/naive/naive-connector.js';
import { NaiveFleet } from '../peers/naive/naive-fleet.js';
import { createNaiveTables, dropNaiveTables } from '../peers/naive/naive-tables.js';
import { createNaiveTopics, deleteNaiveTopics } from '../peers/naive/naive-topics.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import type { FleetSide } from './fleet-side.js';

/** The naive fleet with a connector of its own; ours captures nothing meanwhile. */
export class TwinFleet implements FleetSide {
  readonly name = 'twins';
  readonly members = naiveMembers(CONSUMERS);
  readonly outbox = 'naive_order.outbox';
  readonly firstRate = 50;
  private readonly fleet = new NaiveFleet();
  private readonly connector: NaiveConnector;

  constructor(
    private readonly stack: LocalStack,
    private readonly database: BenchDatabase,
  ) {
    this.connector = new NaiveConnector(stack, database);
  }

  async start(): Promise<string> {
    const { kafka, postgres } = this.stack;
    await createNaiveTables(postgres);
    await createNaiveTopics(kafka);
    for (const member of this.members) await clearEffects(this.database, member);
    await this.connector.replaceOurs();
    await this.fleet.start(['order', ...CONSUMERS], {
      kafka,
      database: postgres,
      partitionsAtOnce: PARTITIONS,
    });
    return this.fleet.orderUrl();
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.connector.giveBack();
    await deleteNaiveTopics(this.stack.kafka);
    await dropNaiveTables(this.stack.postgres);
  }

  pids(): Readonly<Record<string, number>> {
    return { ...this.stack.processes(), ...this.fleet.pids() };
  }
}
