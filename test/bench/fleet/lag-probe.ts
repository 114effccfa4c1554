import { setTimeout as pause } from 'node:timers/promises';
import { BenchError } from '../harness/bench.error.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import type { FleetSide } from './fleet-side.js';
import type { SampledOrder } from './load-task.js';

const COMPLETE_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** Milliseconds from an order's commit to the commit of its effect, by service. */
export type OrderLatency = Readonly<Record<string, number>>;

/** Watches sampled orders until all five effects are there. Everything that it asks is an access by primary key. */
export class LagProbe {
  private pending: SampledOrder[] = [];

  constructor(
    private readonly side: FleetSide,
    private readonly database: BenchDatabase,
  ) {}

  /** Whether every sampled order has its effects. */
  get idle(): boolean {
    return this.pending.length === 0;
  }

  /** Takes new samples up and looks for effects; resolves with the age in milliseconds of the oldest order that lacks one. */
  async lag(samples: readonly SampledOrder[]): Promise<number> {
    this.pending.push(...samples);
    if (this.pending.length === 0) return 0;
    const askedAt = Date.now();
    const conditions = this.side.members.map((member) => `EXISTS (SELECT ${entryOf(member)})`);
    const done = await this.database.rows<{ id: string }>(
      `SELECT id FROM unnest($1::uuid[]) AS asked (id) WHERE ${conditions.join(' AND ')}`,
      [this.pending.map(({ eventId }) => eventId)],
    );
    const ids = new Set(done.map(({ id }) => id));
    this.pending = this.pending.filter(({ eventId }) => !ids.has(eventId));
    return this.pending.reduce((oldest, { at }) => Math.max(oldest, askedAt - at), 0);
  }

  /**
   * Throws `BenchError` INCORRECT unless every order that the outbox holds has all five effects within half a minute;
   * that none has one twice is what the keys of the tables say.
   */
  async verify(): Promise<void> {
    const deadline = Date.now() + COMPLETE_WITHIN_MS;
    for (const member of this.side.members) {
      const missing = `SELECT count(*) FROM ${this.side.outbox} AS asked
                        WHERE type = 'order.created' AND NOT EXISTS (SELECT ${entryOf(member)})`;
      for (let left = await this.database.number(missing); left > 0;) {
        if (Date.now() > deadline) {
          throw new BenchError('INCORRECT', `${left} orders have no effect in ${member.schema}`);
        }
        await pause(LOOK_EVERY_MS);
        left = await this.database.number(missing);
      }
    }
  }

  /** The way of orders, by the commit timestamps of Postgres; orders that lack an effect are left out. */
  async latencies(orders: readonly SampledOrder[]): Promise<OrderLatency[]> {
    const columns = this.side.members.map(
      (member) =>
        `(extract(epoch FROM (SELECT pg_xact_commit_timestamp(xmin) ${entryOf(member)}) - placed.at)
          * 1000)::double precision AS "${member.service}"`,
    );
    const rows = await this.database.rows<Record<string, number | null>>(
      `SELECT ${columns.join(', ')}
         FROM unnest($1::uuid[]) AS asked (id),
              LATERAL (SELECT pg_xact_commit_timestamp(xmin) AS at
                         FROM ${this.side.outbox} WHERE id = asked.id) AS placed`,
      [orders.map(({ eventId }) => eventId)],
    );
    return rows.filter((row): row is Record<string, number> =>
      Object.values(row).every((value) => value !== null),
    );
  }
}

function entryOf({ schema, entries, group }: FleetSide['members'][number]): string {
  return entries === 'inbox'
    ? `FROM ${schema}.inbox WHERE consumer_group = '${group}' AND event_id = asked.id`
    : `FROM ${schema}.processed_message WHERE message_id = asked.id`;
}
