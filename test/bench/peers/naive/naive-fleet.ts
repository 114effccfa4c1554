import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { Companion } from '../../harness/companion.js';
import type { NaiveTask } from './shared/naive-task.js';

/** The processes of the naive fleet; they get the Node options of our services. */
export class NaiveFleet {
  private readonly companions = new Map<string, Companion>();

  /** Starts services that do not run yet, all at once, and waits until all of them are ready. */
  async start(services: readonly string[], task: NaiveTask): Promise<void> {
    const started = services.map(async (service) => {
      const program = new URL(`./${service}/${service}.main.ts`, import.meta.url);
      const companion = await Companion.start({ program, nodeOptions: SERVICE_NODE_OPTIONS }, task);
      this.companions.set(service, companion);
    });
    for (const result of await Promise.allSettled(started)) {
      if (result.status === 'rejected') throw result.reason;
    }
  }

  /** URL of the order service, which must run. */
  async orderUrl(): Promise<string> {
    const order = this.companions.get('order');
    if (!order) throw new TypeError('the naive order service does not run');
    return order.ask<string>({});
  }

  /** Name → pid of what runs. */
  pids(): Record<string, number> {
    const pairs = [...this.companions].flatMap(([name, { pid }]) =>
      pid === undefined ? [] : [[name, pid] as const],
    );
    return Object.fromEntries(pairs);
  }

  /** Stops all. */
  async stop(): Promise<void> {
    await Promise.all([...this.companions.values()].map((companion) => companion.stop()));
    this.companions.clear();
  }
}
