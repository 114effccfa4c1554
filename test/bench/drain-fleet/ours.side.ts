import { schemaOf } from '@millrace/contracts';
import type { LocalStack } from '@millrace/stack';
import { meanOf, scrape } from '../watch/scrape.js';
import type { DrainSide } from './drain-side.js';
import type { EffectBacklog } from './effect-backlog.js';
import type { Member } from './service-tables.js';

/** Our services, built, as every stack runs them. */
export class OurSide implements DrainSide {
  private running: readonly string[] = [];

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return services.map((service) => ({
      service,
      group: service,
      schema: schemaOf(service),
      entries: 'inbox',
    }));
  }

  async start(services: readonly string[]): Promise<void> {
    this.running = services;
    const known = services.filter((service) => this.stack.services[service] !== undefined);
    const unknown = services.filter((service) => !known.includes(service));
    await Promise.all([
      ...known.map((service) => this.stack.start(service)),
      ...(unknown.length > 0 ? [this.stack.startServices(unknown)] : []),
    ]);
  }

  async stop(): Promise<void> {
    const living = this.running.filter((service) => this.stack.services[service] !== undefined);
    this.running = [];
    await Promise.all(living.map((service) => this.stack.stop(service)));
  }

  pids(): Readonly<Record<string, number>> {
    const pairs = Object.entries(this.stack.processes()).filter(([name]) => this.running.includes(name));
    return Object.fromEntries(pairs);
  }

  async remarks(): Promise<string> {
    const texts = this.running.map(async (service) => {
      const metrics = await scrape(this.stack.services[service] ?? '');
      const { count, mean } = meanOf(metrics, 'messaging_process_duration_seconds');
      return `${service} ${count} batches of ${(mean * 1_000).toFixed(0)} ms`;
    });
    return (await Promise.all(texts)).join(', ');
  }
}
