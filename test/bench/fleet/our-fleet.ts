import type { LocalStack } from '@millrace/stack';
import { clearEffects, CONSUMERS, ourMembers } from '../drain-fleet/service-tables.js';
import { startServices, stopServices } from '../harness/services.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import type { FleetSide } from './fleet-side.js';

const SERVICES = ['order', ...CONSUMERS];

/** Our fleet as every stack runs it: six services, the keeper and its connector. */
export class OurFleet implements FleetSide {
  readonly name = 'ours';
  readonly members = ourMembers(CONSUMERS);
  readonly outbox = '"order".outbox';
  readonly firstRate = 250;

  constructor(
    private readonly stack: LocalStack,
    private readonly database: BenchDatabase,
  ) {}

  async start(): Promise<string> {
    for (const member of this.members) await clearEffects(this.database, member);
    await this.database.rows(`TRUNCATE ${this.outbox}`);
    await startServices(this.stack, SERVICES);
    return this.stack.services['order'] ?? '';
  }

  stop(): Promise<void> {
    return stopServices(this.stack, SERVICES);
  }

  pids(): Readonly<Record<string, number>> {
    return this.stack.processes();
  }
}
