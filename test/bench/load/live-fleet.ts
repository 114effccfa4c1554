import { consumersOf, topology } from '@millrace/contracts';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { withDatabase } from '../harness/database.js';
import { generateLoad } from './generate-load.js';
import type { LoadPhase, PhaseMeasure } from './load-task.js';
import { orderEffects, type OrderEffects } from './order-effects.js';
import { SKUS } from './order-bodies.js';

const ON_HAND = 100_000_000;
const CONSUMERS = consumersOf(topology);
const SETTLED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 200;

/** The whole fleet on the stack: every service in a process of its own, as the start command runs them. */
export class LiveFleet {
  private constructor(
    private readonly stack: BenchStack,
    private readonly admin: Admin,
  ) {}

  /** Starts the services, past whatever other benchmarks left on the topics, and fills the shelves. */
  static async start(stack: BenchStack): Promise<LiveFleet> {
    const kafka = new Kafka({ clientId: 'bench', brokers: [stack.local.kafka], logLevel: logLevel.ERROR });
    const fleet = new LiveFleet(stack, kafka.admin());
    await fleet.admin.connect();
    await fleet.skipBacklog();
    await stack.local.startServices();
    for (const name of fleet.services) {
      if (stack.local.processes()[name] === undefined) await stack.local.start(name);
    }
    for (const sku of SKUS) await fleet.putStock(sku);
    return fleet;
  }

  /** Address of the order service. */
  get orders(): string {
    return this.stack.local.services['order'] ?? '';
  }

  /**
   * Puts a load on the fleet and waits until it has worked all of it off, mails and answers of services to each other
   * included. Throws `BenchError` INCORRECT unless every
   * accepted order took effect in every service.
   */
  async run(phases: readonly LoadPhase[]): Promise<readonly PhaseMeasure[]> {
    const since = Date.now();
    const load = await generateLoad({ url: this.orders, phases, watched: this.stack.local.processes() });
    const orders = load.phases.reduce((sum, phase) => sum + phase.orders, 0);
    await this.settled(since, orders);
    return load.phases;
  }

  /** What became of the orders of a stretch of time, milliseconds since 1970. */
  effects({ from, until }: Pick<PhaseMeasure, 'from' | 'until'>): Promise<OrderEffects> {
    return withDatabase(this.stack.local.postgres, (client) => orderEffects(client, from, until));
  }

  /** Stops the services. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((name) => this.stack.local.stop(name)));
    await this.admin.disconnect();
  }

  private get services(): readonly string[] {
    return topology.map(({ name }) => name);
  }

  private async settled(since: number, orders: number): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const { placed, missing } = await this.effects({ from: since, until: Date.now() });
      const done = placed === orders && missing === 0;
      if (done && (await this.mails()) === 0 && (await this.lag()) === 0) return;
      if (placed !== orders || Date.now() > deadline) {
        throw new BenchError(
          'INCORRECT',
          `${orders} orders were accepted; there are ${placed} events, and ${missing} effects are missing; ${await this.mails()} mails and ${await this.lag()} records wait`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Groups whose service does not run begin after what is on their topics now. */
  private async skipBacklog(): Promise<void> {
    for (const { name, consumes } of CONSUMERS) {
      if (this.stack.local.processes()[name] !== undefined) continue;
      for (const { topic } of consumes) {
        const ends = await this.admin.fetchTopicOffsets(topic);
        const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
        await this.admin.setOffsets({ groupId: name, topic, partitions });
      }
    }
  }

  /** Records that groups have not worked off, on any topic that they read. */
  private async lag(): Promise<number> {
    let lag = 0;
    for (const { name, consumes } of CONSUMERS) {
      const topics = consumes.map(({ topic }) => topic);
      const positions = await this.admin.fetchOffsets({ groupId: name, topics });
      for (const { topic, partitions } of positions) {
        const ends = await this.admin.fetchTopicOffsets(topic);
        const reached = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        for (const { partition, high } of ends) lag += Number(high) - (reached.get(partition) ?? 0);
      }
    }
    return lag;
  }

  /** Mails that are not sent yet. */
  private async mails(): Promise<number> {
    return withDatabase(this.stack.local.postgres, async (client) => {
      const { rows } = await client.query<{ n: string }>(
        `SELECT count(*) AS n FROM notification.notification WHERE state IN ('queued', 'sending')`,
      );
      return Number(rows[0]?.n);
    });
  }

  private async putStock(sku: string): Promise<void> {
    const answer = await fetch(`${this.stack.local.services['inventory']}/stock/${sku}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand: ON_HAND }),
    });
    if (!answer.ok) throw new BenchError('CONTESTANT', `PUT /stock/${sku}: ${await answer.text()}`);
    await answer.body?.cancel();
  }
}
