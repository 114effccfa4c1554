import type { ClientBase } from 'pg';
import { lockForTransaction } from '../store/keeper-lock.js';
import {
  actAs,
  attach,
  createDetached,
  limitLockWait,
  lockDefault,
  moveFromDefault,
  readPartitions,
  type PartitionState,
} from '../store/partition-store.js';
import { inTransaction } from '../store/transaction.js';
import { partitionName, type UtcDay } from './day-bounds.js';
import { MissingTableError } from './missing-table.error.js';
import type { PartitionedTable } from './partition-plan.js';

/** Longest wait for a lock in milliseconds: behind a waiting DDL statement every writer queues up. */
export const LOCK_WAIT_MS = 2_000;

/**
 * Makes the partitions of those days that are missing and returns the names of the new ones. Tables that exist are
 * served even when others are missing; then it throws `MissingTableError`.
 */
export async function ensurePartitions(
  client: ClientBase,
  tables: readonly PartitionedTable[],
  days: readonly UtcDay[],
): Promise<readonly string[]> {
  const states = await readPartitions(client, tables);
  const created: string[] = [];
  const missing: PartitionedTable[] = [];
  for (const [index, table] of tables.entries()) {
    const state = states[index];
    if (!state?.exists) missing.push(table);
    else if (lacking(table, state, days).length > 0) created.push(...(await addDays(client, table, days)));
  }
  if (missing.length > 0) throw new MissingTableError(missing);
  return created;
}

function lacking(table: PartitionedTable, state: PartitionState, days: readonly UtcDay[]): readonly UtcDay[] {
  return days.filter((day) => !state.partitions.includes(partitionName(table.name, day)));
}

function addDays(
  client: ClientBase,
  table: PartitionedTable,
  days: readonly UtcDay[],
): Promise<readonly string[]> {
  return inTransaction(client, async () => {
    await limitLockWait(client, LOCK_WAIT_MS);
    await lockForTransaction(client);
    // read again under the lock: another keeper may have been quicker
    const [state] = await readPartitions(client, [table]);
    if (!state?.exists) throw new MissingTableError([table]);
    await actAs(client, table.owner);
    const todo = lacking(table, state, days);
    if (todo.length > 0 && state.defaultPartition) await lockDefault(client, table, state.defaultPartition);
    for (const day of todo) await addDay(client, table, state.defaultPartition, day);
    return todo.map((day) => `${table.schema}.${partitionName(table.name, day)}`);
  });
}

async function addDay(
  client: ClientBase,
  table: PartitionedTable,
  defaultPartition: string | null,
  day: UtcDay,
): Promise<void> {
  const name = partitionName(table.name, day);
  const bounds = table.boundsOf(day);
  await createDetached(client, table, name);
  if (defaultPartition) await moveFromDefault(client, table, [defaultPartition, name], bounds);
  await attach(client, table, name, bounds);
}
