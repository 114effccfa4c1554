import type { LocalStack } from '@millrace/stack';
import { meanOf, scrape } from '../watch/scrape.js';
import { startServices, stopServices } from '../harness/services.js';
import type { DrainSide } from './drain-side.js';
import type { EffectBacklog } from './effect-backlog.js';
import { ourMembers, type Member } from './service-tables.js';

/** Our services, built, as every stack runs them. */
export class OurSide implements DrainSide {
  private running: readonly string[] = [];

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return ourMembers(services);
  }

  async start(services: readonly string[]): Promise<void> {
    this.running = services;
    await startServices(this.stack, services);
  }

  async stop(): Promise<void> {
    const running = this.running;
    this.running = [];
    await stopServices(this.stack, running);
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
