import { BatchChecksum } from '@millrace/contracts';
import { OrderService } from '../api/order-service.fixture.js';
import { OpenImport, type ImportReply } from './import-client.fixture.js';

/** What is told of a batch, in the order of its events. */
export interface BatchEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The order service, listening, with what a test wants to know of its imports. */
export class ImportService {
  private constructor(
    readonly service: OrderService,
    readonly url: string,
  ) {}

  static async start(postgres: string): Promise<ImportService> {
    const service = await OrderService.start(postgres);
    await service.app.listen(0, '127.0.0.1');
    return new ImportService(service, await service.app.getUrl());
  }

  open(batchId: string, url = this.url): OpenImport {
    return new OpenImport(url, { 'batch-id': batchId });
  }

  /** Sends a whole import. */
  async post(batchId: string, lines: readonly string[], url = this.url): Promise<ImportReply> {
    const open = this.open(batchId, url);
    await open.send(lines);
    return open.end();
  }

  /** Events of the batch on `order.batch`. */
  async batchEvents(batchId: string): Promise<BatchEvent[]> {
    const rows = await this.service.rows<{ type: string; payload: string }>(
      `SELECT type, payload FROM outbox WHERE topic = 'order.batch' AND aggregate_id = $1 ORDER BY id`,
      [batchId],
    );
    return rows.map(({ type, payload }) => ({ type, data: JSON.parse(payload) as BatchEvent['data'] }));
  }

  /** Orders of the batch and their events, with the checksum that they have by their rows. */
  async stored(batchId: string) {
    const orders = await this.service.rows<{
      orderId: string;
      currency: string;
      total: string;
      told: string;
    }>(
      `SELECT o.id AS "orderId", o.currency, o.total_minor AS total, coalesce(e.told, 0) AS told
         FROM orders o
         LEFT JOIN (SELECT aggregate_id, count(*) AS told FROM outbox WHERE topic = 'order.created' GROUP BY 1) e
           ON e.aggregate_id = o.id::text
        WHERE o.batch_id = $1`,
      [batchId],
    );
    const checksum = BatchChecksum.of(
      orders.map(({ total, ...order }) => ({ ...order, totalMinor: Number(total) })),
    );
    return {
      orders: orders.length,
      events: orders.reduce((sum, { told }) => sum + Number(told), 0),
      checksum: checksum.text(),
      ids: orders.map(({ orderId }) => orderId),
    };
  }

  /** Leaves no order, batch or event. */
  async clear(): Promise<void> {
    await this.service.rows('TRUNCATE orders, order_line, outbox, idempotency_key, import_batch CASCADE');
  }

  stop(): Promise<void> {
    return this.service.stop();
  }
}
