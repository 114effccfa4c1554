import type { ClientBase } from 'pg';
import { lockForTransaction } from '../store/keeper-lock.js';
import { detach, dropDetached, readDayTables } from '../store/partition-drop-store.js';
import { actAs, limitLockWait } from '../store/partition-store.js';
import { inTransaction } from '../store/transaction.js';
import { LOCK_WAIT_MS } from './ensure-partitions.js';
import type { PartitionedTable } from './partition-plan.js';
import { retirePlan, type CaptureProof, type Retention, type Retirement } from './retire-plan.js';

/** What partitions are retired by. */
export interface RetireOptions {
  readonly now: number;
  readonly retention: Retention;
  readonly proof: CaptureProof;
}

/** A partition and its table's schema. */
export interface RetiredPartition extends Retirement {
  readonly schema: string;
  readonly table: 'outbox' | 'inbox';
}

/** What a look at the old partitions came to. */
export interface RetireReport {
  readonly dropped: readonly RetiredPartition[];
  /** Those that are kept beyond their time by more than a day, with the reason. */
  readonly overdue: readonly RetiredPartition[];
}

/**
 * Drops the partitions whose time has come, one at a time. A partition that cannot be locked within two seconds keeps
 * its place until the next look and holds nobody up.
 */
export async function retirePartitions(
  client: ClientBase,
  tables: readonly PartitionedTable[],
  options: RetireOptions,
): Promise<RetireReport> {
  const dropped: RetiredPartition[] = [];
  const overdue: RetiredPartition[] = [];
  for (const table of tables) {
    const found = await readDayTables(client, table);
    const names = found.map(({ name }) => name);
    const { drop, wait } = retirePlan({ ...options, table: table.name, partitions: names });
    const placed = (each: Retirement) => ({ ...each, schema: table.schema, table: table.name });
    overdue.push(...wait.filter((each) => each.overdue).map(placed));
    for (const each of drop) {
      const attached = found.some(({ name, attached }) => name === each.name && attached);
      const obstacle = await dropOne(client, table, each.name, attached);
      if (obstacle === undefined) dropped.push(placed(each));
      else if (each.overdue) overdue.push(placed({ ...each, reason: obstacle }));
    }
  }
  return { dropped, overdue };
}

/** Drops one partition and returns undefined, or says why it must wait. */
async function dropOne(
  client: ClientBase,
  table: PartitionedTable,
  name: string,
  attached: boolean,
): Promise<string | undefined> {
  try {
    // two transactions: the parent is locked for the moment of detaching, not while files are removed
    if (attached) await asOwner(client, table, () => detach(client, table, name));
    await asOwner(client, table, () => dropDetached(client, table, name));
    return undefined;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    return `somebody holds a lock on ${table.schema}.${table.name}`;
  }
}

function asOwner(client: ClientBase, table: PartitionedTable, work: () => Promise<void>): Promise<void> {
  return inTransaction(client, async () => {
    await limitLockWait(client, LOCK_WAIT_MS);
    await lockForTransaction(client);
    await actAs(client, table.owner);
    await work();
  });
}

function isLockTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '55P03';
}
