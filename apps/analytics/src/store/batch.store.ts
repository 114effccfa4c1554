import { Injectable } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import type { BatchContents } from '../domain/batch-state.js';
import { FIND_BATCH, type BatchRow } from './find-batches.sql.js';

/** What is known of a batch. */
export interface Batch {
  readonly batchId: string;
  readonly arrived: BatchContents;
  /** What its newest end said; null while none has come. */
  readonly announced: (BatchContents & { readonly refusedLines: number }) | null;
  readonly begunAt: Date | null;
  readonly endedAt: Date | null;
}

/** The batches of imports. */
@Injectable()
export class BatchStore {
  constructor(private readonly transactions: Transactions) {}

  /** The batch of that id; undefined when nothing of it has arrived. */
  async find(batchId: string): Promise<Batch | undefined> {
    const [row] = await this.transactions.read<BatchRow>(FIND_BATCH, [batchId]);
    return row && batchOf(row);
  }
}

function batchOf(row: BatchRow): Batch {
  const { batchId, begunAt, endedAt, orders, refusedLines, checksumSum, checksumXor } = row;
  const ended = orders !== null && refusedLines !== null && checksumSum !== null && checksumXor !== null;
  return {
    batchId,
    begunAt,
    endedAt,
    arrived: {
      orders: Number(row.arrivedOrders),
      checksum: { sum: hex(row.arrivedSum), xor: hex(row.arrivedXor) },
    },
    announced: ended
      ? {
          orders: Number(orders),
          refusedLines: Number(refusedLines),
          checksum: { sum: checksumSum, xor: checksumXor },
        }
      : null,
  };
}

/** 64 bits, signed or not, as 16 hexadecimal digits. */
function hex(decimal: string): string {
  return BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0');
}
