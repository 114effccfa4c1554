import type pg from 'pg';
import { schemaOf } from '@millrace/contracts';
import { rowsOf } from '../../support/database.js';
import { query, valuesBy } from './prometheus-api.js';

/** order.created and the retry topics beside it. */
const ORDERS = 'topic=~"(.+[.])?order[.]created([.].+)?"';

/** What came in, and what a group made of it. */
export interface Balance {
  readonly in: number;
  readonly effects: number;
  readonly dead: number;
}

/** The balance of every group by the counters as the processes export them, without any extrapolation. */
export async function balanceByCounters(
  url: string,
  groups: readonly string[],
): Promise<Record<string, Balance>> {
  const outcomes = (outcome: string): Promise<Record<string, number>> =>
    valuesBy(url, 'group', `sum by (group) (millrace_attempts_total{${ORDERS}, outcome="${outcome}"})`);
  const [written] = await query(url, 'sum(millrace_outbox_written_total{topic="order.created"})');
  const [effects, dead] = await Promise.all([
    outcomes('done'),
    valuesBy(url, 'group', `sum by (group) (millrace_dlq_messages_total{${ORDERS}})`),
  ]);
  return Object.fromEntries(
    groups.map((group) => [
      group,
      {
        in: written?.value ?? Number.NaN,
        effects: effects[group] ?? Number.NaN,
        dead: dead[group] ?? Number.NaN,
      },
    ]),
  );
}

/** The balance of every group by its tables: orders written, inbox rows of them, and failed events. */
export async function balanceByRows(
  pool: pg.Pool,
  groups: readonly string[],
): Promise<Record<string, Balance>> {
  const balances = groups.map(async (group) => {
    const schema = schemaOf(group);
    const [row] = await rowsOf<Record<keyof Balance, string>>(
      pool,
      `SELECT (SELECT count(*) FROM "order".outbox WHERE topic = 'order.created') AS in,
              (SELECT count(*) FROM ${schema}.inbox i JOIN "order".outbox o ON o.id = i.event_id
                WHERE i.consumer_group = $1 AND o.topic = 'order.created') AS effects,
              (SELECT count(*) FROM ${schema}.failed_event WHERE consumer_group = $1 AND state <> 'resolved') AS dead`,
      [group],
    );
    return [group, { in: Number(row?.in), effects: Number(row?.effects), dead: Number(row?.dead) }] as const;
  });
  return Object.fromEntries(await Promise.all(balances));
}
