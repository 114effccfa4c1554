import { classifyError } from '@millrace/messaging';
import { logger } from '@millrace/telemetry';
import type { Order } from '../domain/order.js';
import type { BatchRun } from '../store/import/import-batch.sql.js';
import type { ImportBatches } from './import-batches.js';
import { readLine } from './import-line.js';
import type { Line } from './line-splitter.js';
import { isPoison } from './poison.js';
import { RefusedLines } from './refused-lines.js';

/** Orders of one transaction at most. */
const GROUP_ORDERS = 200;

/** Bytes of the lines of one transaction, from which it is full. */
const GROUP_BYTES = 1_048_576;

/** Tries of a transaction that others were in the way of. */
const TRIES = 3;

const log = logger('order.import');

interface Waiting {
  readonly line: number;
  readonly order: Order;
}

/**
 * Places the orders of one import in groups as its lines come. A group that fails for what one of its orders is runs
 * again in halves until that order stands alone: its line is refused, and no other.
 */
export class ImportRun {
  readonly refused = new RefusedLines();
  private created = 0;
  private group: Waiting[] = [];
  private bytes = 0;

  constructor(
    private readonly batches: ImportBatches,
    private readonly batch: BatchRun,
  ) {}

  /** Orders that this import has placed. */
  get placed(): number {
    return this.created;
  }

  /** Takes a line; resolves when there is room for the next one. */
  async take(line: Line): Promise<void> {
    const read = readLine(line, this.batch.batchId, new Date());
    if (read.kind === 'refused') this.refused.add(line.number, read.errors);
    if (read.kind !== 'order') return;
    this.group.push({ line: line.number, order: read.order });
    this.bytes += line.bytes?.length ?? 0;
    if (this.group.length >= GROUP_ORDERS || this.bytes >= GROUP_BYTES) await this.flush();
  }

  /** Places what waits. */
  async flush(): Promise<void> {
    const { group } = this;
    this.group = [];
    this.bytes = 0;
    await this.place(group);
  }

  private async place(group: readonly Waiting[]): Promise<void> {
    if (group.length === 0) return;
    try {
      this.created += await this.placeTogether(group);
    } catch (error) {
      if (!isPoison(error)) throw error;
      const [first] = group;
      if (group.length === 1 && first) return this.refuse(first, error);
      const middle = Math.ceil(group.length / 2);
      await this.place(group.slice(0, middle));
      await this.place(group.slice(middle));
    }
  }

  private async placeTogether(group: readonly Waiting[]): Promise<number> {
    const orders = group.map(({ order }) => order);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.batches.place(this.batch, orders);
      } catch (error) {
        if (classifyError(error) !== 'conflict' || tries >= TRIES) throw error;
      }
    }
  }

  private refuse({ line }: Waiting, err: unknown): void {
    log.warn({ err, batchId: this.batch.batchId, line }, 'an imported order cannot be stored');
    this.refused.add(line, [{ path: '', message: 'could not be stored' }]);
  }
}
