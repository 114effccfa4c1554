import { randomUUID } from 'node:crypto';
import { EventContext } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { anEvent, orderEvent, type Ending, type Line } from '../inventory-bench.fixture.js';
import { InventoryConsumer } from '../inventory.consumer.js';
import { InventoryModule } from '../inventory.module.js';
import { migrations } from '../migrations/index.js';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** The service with its own database, asked over HTTP and told of orders as its consumer is. */
export class InventoryService {
  private constructor(
    private readonly database: TestDatabase,
    readonly app: Awaited<ReturnType<typeof testApplication>>,
  ) {}

  static async start(postgres: string): Promise<InventoryService> {
    const database = await createTestDatabase(postgres, { schema: 'inventory', migrations });
    const app = await testApplication('inventory', InventoryModule, { databaseUrl: database.url });
    return new InventoryService(database, app);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  get(url: string): Promise<Answer> {
    return this.send('GET', url);
  }

  put(sku: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('PUT', `/stock/${encodeURIComponent(sku)}`, body, headers);
  }

  post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('POST', url, body, headers);
  }

  /** Holds stock for an order of its own; resolves with its id. */
  async hold(...lines: Line[]): Promise<string> {
    const event = orderEvent(lines, randomUUID());
    await this.app
      .get(Transactions)
      .run((tx) =>
        this.app.get(InventoryConsumer).reserve({ events: [event] }, new EventContext(tx, 'inventory')),
      );
    return event.data.orderId;
  }

  /** Tells how an order ended. */
  async end(how: Ending, orderId: string): Promise<void> {
    const events = [anEvent(`order.${how}`, { orderId })];
    await this.app
      .get(Transactions)
      .run((tx) => this.app.get(InventoryConsumer)[how]({ events }, new EventContext(tx, 'inventory')));
  }

  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.app.get(Transactions).read<Row>(sql, parameters);
  }

  /** A body that is text is sent as it is. */
  private async send(
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.app.inject({
      method,
      url,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) as unknown };
  }
}
