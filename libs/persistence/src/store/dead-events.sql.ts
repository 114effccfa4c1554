import type { DeadCount, DeathReason, Transaction } from '@millrace/messaging';

interface CountRow {
  readonly topic: string;
  readonly reason: DeathReason;
  readonly count: number;
  readonly oldest: Date;
}

/** The partial index over unresolved failures finds them. */
const COUNTS = `
  SELECT topic, reason, count(*)::int AS count, min(updated_at) AS oldest
    FROM failed_event
   WHERE consumer_group = $1 AND state = 'dead'
   GROUP BY topic, reason`;

/** Unresolved dead events of a group, by topic and reason; what is not there has none. */
export async function countDeadEvents(tx: Transaction, group: string): Promise<DeadCount[]> {
  const rows = await tx.query<CountRow>(COUNTS, [group]);
  return rows.map(({ oldest, ...count }) => ({ ...count, oldestAt: oldest.getTime() }));
}
