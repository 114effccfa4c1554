import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from '@millrace/messaging';

/**
 * Runs work that computes first and then asks the database, while the database works on what it was asked before: both
 * hold the same locks, so what overlaps is time that others do not wait. Its statements wait for their turn, because a
 * connection answers one at a time. Rejects, once both have ended, with the error of whatever failed first.
 */
export async function meanwhile<Result>(
  asked: Promise<void>,
  tx: Transaction,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const later: Transaction = {
    query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
      await asked;
      return tx.query<Row>(sql, parameters);
    },
  };
  // The statement leaves in this turn of the event loop; computing before it has left would gain nothing.
  const [before, result] = await Promise.allSettled([asked, nextTurn().then(() => work(later))]);
  if (before.status === 'rejected') throw before.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
