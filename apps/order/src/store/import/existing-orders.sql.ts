import type { Transaction } from '@millrace/messaging';

const FIND = `SELECT id FROM orders WHERE id = ANY ($1::uuid[])`;

/** Those of the ids that are orders already. */
export async function existingOrders(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(FIND, [ids]);
  return new Set(rows.map(({ id }) => id));
}
