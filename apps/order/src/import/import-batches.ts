import { Injectable } from '@nestjs/common';
import { BatchChecksum, OrderBatchBegun, OrderBatchEnded } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { activeContext, inSpan } from '@millrace/telemetry';
import { BatchBusyError, BatchLostError } from '../domain/import.errors.js';
import type { Order } from '../domain/order.js';
import { placeOrders } from '../intake/place-orders.js';
import { existingOrders } from '../store/import/existing-orders.sql.js';
import {
  addToBatch,
  batchContents,
  beginBatch,
  endBatch,
  holdBatch,
  lockBatch,
  type BatchContents,
  type BatchRun,
} from '../store/import/import-batch.sql.js';
import { OrderStore } from '../store/order.store.js';

/** The longest time that a timer can wait, 24 days: an import is bounded by the patience with its sender. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

/**
 * The batches of imports in their schema: each step is a transaction of its rows and its events. A batch belongs to one
 * import at a time by an advisory lock, which ends with its process; should the connection that holds it break, each
 * step still finds by the row whether the batch was taken over.
 */
@Injectable()
export class ImportBatches {
  constructor(
    private readonly transactions: Transactions,
    readonly orders: OrderStore,
    readonly outbox: Outbox,
  ) {}

  /** Runs an import while no other one of the batch can; throws `BatchBusyError` when one is under way. */
  alone<Result>(batchId: string, work: () => Promise<Result>): Promise<Result> {
    return this.transactions.run(
      async (tx) => {
        if (!(await lockBatch(tx, batchId))) throw new BatchBusyError(batchId);
        return work();
      },
      undefined,
      NO_DEADLINE_MS,
    );
  }

  /** Begins an import; the first one of a batch says so to the fleet. */
  async begin(batch: BatchRun): Promise<void> {
    await this.transactions.run(async (tx) => {
      const begunAt = await beginBatch(tx, batch);
      if (!begunAt) return;
      const data = { batchId: batch.batchId, begunAt: begunAt.toISOString() };
      this.outbox.append([{ event: OrderBatchBegun, data, cause: { context: activeContext() } }], tx);
    });
  }

  /** Places those of the orders that do not exist, all or none, and tells how many. Throws `BatchLostError`. */
  place(batch: BatchRun, orders: readonly Order[]): Promise<number> {
    return inSpan(
      'order.import.chunk',
      () =>
        this.transactions.run(async (tx) => {
          await hold(tx, batch);
          const known = await existingOrders(
            tx,
            orders.map(({ id }) => id),
          );
          const fresh = orders.filter(({ id }) => !known.has(id));
          if (fresh.length > 0) await this.insert(batch.batchId, fresh, tx);
          return fresh.length;
        }),
      { 'order.import.orders': orders.length },
    );
  }

  /** Ends an import whose body was read to its end and tells what the batch holds; says so unless it was said before. */
  async end(batch: BatchRun, refusedLines: number): Promise<BatchContents> {
    return this.transactions.run(async (tx) => {
      await hold(tx, batch);
      const endedAt = await endBatch(tx, batch.batchId, refusedLines);
      const contents = await batchContents(tx, batch.batchId);
      if (endedAt) {
        const data = {
          batchId: batch.batchId,
          ...contents,
          refusedLines,
          endedAt: endedAt.toISOString(),
        };
        this.outbox.append([{ event: OrderBatchEnded, data, cause: { context: activeContext() } }], tx);
      }
      return contents;
    });
  }

  private async insert(batchId: string, orders: readonly Order[], tx: Transaction): Promise<void> {
    const context = activeContext();
    placeOrders(
      this,
      orders.map((order) => ({ order, context })),
      tx,
    );
    const added = orders.map(({ id, currency, totalMinor }) => ({ orderId: id, currency, totalMinor }));
    await addToBatch(tx, batchId, BatchChecksum.of(added));
  }
}

async function hold(tx: Transaction, batch: BatchRun): Promise<void> {
  if (!(await holdBatch(tx, batch))) throw new BatchLostError(batch.batchId);
}
