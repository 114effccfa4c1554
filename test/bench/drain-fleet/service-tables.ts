import { schemaOf } from '@millrace/contracts';
import { FLEET_SKUS } from '../backlog/fleet-order.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import { BenchError } from '../harness/bench.error.js';
import { naiveSchema } from '../peers/naive/shared/naive-data-source.js';

/** One consumer of a side, and where its effects are. */
export interface Member {
  readonly service: string;
  readonly group: string;
  readonly schema: string;
  /** Table with a row for each event that took effect. */
  readonly entries: 'inbox' | 'processed_message';
}

/** The consumers of the fleet. */
export const CONSUMERS = ['analytics', 'notification', 'fraud', 'inventory', 'feature-store'] as const;

/** Our consumers of those services. */
export function ourMembers(services: readonly string[]): Member[] {
  return services.map((service) => ({
    service,
    group: service,
    schema: schemaOf(service),
    entries: 'inbox',
  }));
}

/** The twins of those services. */
export function naiveMembers(services: readonly string[]): Member[] {
  return services.map((service) => ({
    service,
    // Nest adds the ending.
    group: `naive-${service}-server`,
    schema: naiveSchema(service),
    entries: 'processed_message',
  }));
}

interface Effects {
  readonly tables: readonly string[];
  /** Each answers with the number of events that took effect; `$` stands for the schema. */
  readonly counts: readonly string[];
}

const EFFECTS: Readonly<Record<string, Effects>> = {
  analytics: {
    tables: ['order_fact', 'total'],
    counts: ['SELECT count(*) FROM $.order_fact', 'SELECT COALESCE(sum(orders), 0) FROM $.total'],
  },
  notification: {
    tables: ['notification'],
    counts: ['SELECT count(DISTINCT (event_id, order_id)) FROM $.notification'],
  },
  fraud: {
    tables: ['activity', 'activity_minute', 'assessment', 'review', 'outbox'],
    counts: [
      'SELECT count(*) FROM $.activity',
      'SELECT COALESCE(sum(orders), 0) FROM $.activity_minute',
      'SELECT count(DISTINCT order_id) FROM $.assessment',
      'SELECT count(*) FROM $.outbox',
    ],
  },
  inventory: {
    tables: ['reservation', 'reservation_line', 'movement', 'outbox'],
    counts: [
      `SELECT count(*) FROM $.reservation WHERE status = 'held'`,
      'SELECT count(DISTINCT order_id) FROM $.movement WHERE order_id IS NOT NULL',
      'SELECT count(*) FROM $.outbox',
      `SELECT count(DISTINCT order_id) FROM $.reservation_line
        WHERE (SELECT sum(reserved) FROM $.stock) = (SELECT sum(quantity) FROM $.reservation_line)`,
    ],
  },
  'feature-store': {
    tables: ['customer_order_event', 'customer_order_tile', 'customer_latest'],
    counts: [
      'SELECT count(*) FROM $.customer_order_event',
      'SELECT COALESCE(sum(orders), 0) FROM $.customer_order_tile',
    ],
  },
};

/** Where a twin keeps its effects otherwise. */
const TWIN_EFFECTS: Readonly<Record<string, Effects>> = {
  fraud: {
    tables: ['customer_activity', 'assessment', 'outbox'],
    counts: [
      'SELECT count(*) FROM $.customer_activity',
      'SELECT count(DISTINCT order_id) FROM $.assessment',
      'SELECT count(*) FROM $.outbox',
    ],
  },
};

function effectsOf({ service, entries }: Member): Effects | undefined {
  return (entries === 'inbox' ? undefined : TWIN_EFFECTS[service]) ?? EFFECTS[service];
}

/** Forgets every effect of a member; its stock is full. */
export async function clearEffects(database: BenchDatabase, member: Member): Promise<void> {
  const { service, schema, entries } = member;
  const tables = [entries, ...(effectsOf(member)?.tables ?? [])].map((table) => `${schema}.${table}`);
  await database.rows(`TRUNCATE ${tables.join(', ')}`);
  if (service !== 'inventory') return;
  await database.rows(`TRUNCATE ${schema}.stock`);
  await database.rows(
    `INSERT INTO ${schema}.stock (sku, on_hand) SELECT sku, 1000000000 FROM unnest($1::text[]) AS known (sku)`,
    [FLEET_SKUS],
  );
}

/** Throws `BenchError` INCORRECT unless a member's tables hold the effect of each of that many events exactly once. */
export async function verifyEffects(database: BenchDatabase, member: Member, events: number): Promise<void> {
  const { schema, entries } = member;
  const id = entries === 'inbox' ? 'event_id' : 'message_id';
  const counts = [`SELECT count(DISTINCT ${id}) FROM $.${entries}`, ...(effectsOf(member)?.counts ?? [])];
  for (const count of counts.map((text) => text.replaceAll('$', schema))) {
    const found = await database.number(count);
    if (found === events) continue;
    throw new BenchError(
      'INCORRECT',
      `${schema}: ${events} events were to take effect once each, but '${count}' finds ${found}: mend this side before its speed counts`,
    );
  }
}
