import { consumersOf, topology } from '@millrace/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { withDatabase } from '../harness/database.js';
import { generateLoad } from './generate-load.js';
import type { LoadPhase, PhaseMeasure } from './load-task.js';
import { orderEffects, type OrderEffects } from './order-effects.js';
import { SKUS } from './order-bodies.js';

const ON_HAND = 100_000_000;
const SETTLED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 200;

/** The whole fleet on the stack: every service in a process of its own, as the start command runs them. */
export class LiveFleet {
  private constructor(private readonly stack: BenchStack) {}

  /** Starts the services, past whatever other benchmarks left on the topics, and fills the shelves. */
  static async start(stack: BenchStack): Promise<LiveFleet> {
    const fleet = new LiveFleet(stack);
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

  /** Starts or stops a service. */
  async turn(names: readonly string[], on: boolean): Promise<void> {
    await Promise.all(names.map((name) => (on ? this.stack.local.start(name) : this.stack.local.stop(name))));
  }

  /**
   * Puts a load on the fleet and waits until it has worked all of it off. Throws `BenchError` INCORRECT unless every
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
    await this.turn(this.services, false);
  }

  private get services(): readonly string[] {
    return topology.map(({ name }) => name);
  }

  private async settled(since: number, orders: number): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const { placed, missing } = await this.effects({ from: since, until: Date.now() });
      if (placed === orders && missing === 0) return;
      if (placed !== orders || Date.now() > deadline) {
        throw new BenchError(
          'INCORRECT',
          `${orders} orders were accepted; there are ${placed} events, and ${missing} effects are missing`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Groups whose service does not run begin after what is on their topics now. */
  private async skipBacklog(): Promise<void> {
    const kafka = new Kafka({
      clientId: 'bench',
      brokers: [this.stack.local.kafka],
      logLevel: logLevel.ERROR,
    });
    const admin = kafka.admin();
    await admin.connect();
    try {
      for (const { name, consumes } of consumersOf(topology)) {
        if (this.stack.local.processes()[name] !== undefined) continue;
        for (const { topic } of consumes) {
          const ends = await admin.fetchTopicOffsets(topic);
          const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
          await admin.setOffsets({ groupId: name, topic, partitions });
        }
      }
    } finally {
      await admin.disconnect();
    }
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
