import { consumersOf, OrderCreated, schemaOf, topology } from '@millrace/contracts';
import type { Client } from 'pg';

/** One service's effect of one order; milliseconds since 1970. */
export interface Effect {
  readonly eventId: string;
  readonly service: string;
  /** When the order and its event were committed. */
  readonly placedAt: number;
  /** When the consumer had the record. */
  readonly receivedAt: number;
  /** When the effect was committed. */
  readonly committedAt: number;
}

/** What became of the orders of a stretch of time. */
export interface OrderEffects {
  /** Orders with an event. */
  readonly placed: number;
  /** Effects that are not there yet. */
  readonly missing: number;
  readonly effects: readonly Effect[];
}

interface Row {
  readonly eventId: string;
  readonly service: string;
  readonly placedAt: number;
  readonly receivedAt: number | null;
  readonly committedAt: number | null;
}

const SERVICES = consumersOf(topology, OrderCreated.topic).map(({ name }) => name);

const PLACED = `
  SELECT id, (1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin)))::double precision AS at
    FROM "order".outbox
   WHERE topic = '${OrderCreated.topic}'
     AND occurred_at >= to_timestamp($1::double precision / 1000)
     AND occurred_at <= to_timestamp($2::double precision / 1000)`;

const EFFECTS = `
  WITH placed AS MATERIALIZED (${PLACED})
  ${SERVICES.map(effectsIn).join(' UNION ALL ')}`;

function effectsIn(service: string): string {
  return `
  SELECT p.id AS "eventId", '${service}' AS service, p.at AS "placedAt",
         (1000 * extract(epoch FROM i.received_at))::double precision AS "receivedAt",
         (1000 * extract(epoch FROM pg_xact_commit_timestamp(i.xmin)))::double precision AS "committedAt"
    FROM placed p
    LEFT JOIN (SELECT event_id, received_at, xmin FROM "${schemaOf(service)}".inbox
                WHERE consumer_group = '${service}' AND processed_at IS NOT NULL) i ON i.event_id = p.id`;
}

/** Orders whose transaction began between two moments, milliseconds since 1970, and their effects in all consumers. */
export async function orderEffects(client: Client, from: number, until: number): Promise<OrderEffects> {
  const { rows } = await client.query<Row>(EFFECTS, [from, until]);
  const effects = rows.flatMap((row): Effect[] => {
    const { receivedAt, committedAt } = row;
    return receivedAt === null || committedAt === null ? [] : [{ ...row, receivedAt, committedAt }];
  });
  return {
    placed: rows.length / SERVICES.length,
    missing: rows.length - effects.length,
    effects,
  };
}
