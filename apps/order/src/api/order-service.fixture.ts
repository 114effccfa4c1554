import { randomUUID } from 'node:crypto';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { migrations } from '../migrations/index.js';
import { OrderModule } from '../order.module.js';

type Application = Awaited<ReturnType<typeof testApplication>>;

/** What the service answered to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The order service on a database of its own, whose outbox is captured by a slot that nobody reads. */
export class OrderService {
  private constructor(
    readonly app: Application,
    readonly database: TestDatabase,
    readonly slot: string,
  ) {}

  static async start(postgres: string): Promise<OrderService> {
    const slot = `orders_${randomUUID().replaceAll('-', '')}`;
    const database = await createTestDatabase(postgres, { schema: 'order', migrations });
    await database.dataSource.query(
      `CREATE PUBLICATION millrace_outbox FOR TABLE outbox
         WITH (publish = 'insert', publish_via_partition_root = true)`,
    );
    await database.dataSource.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
    return new OrderService(await OrderService.application(database, slot), database, slot);
  }

  /** A second process of the service on the same database; whoever asks closes it. */
  another(): Promise<Application> {
    return OrderService.application(this.database, this.slot);
  }

  async post(body: unknown, headers: Readonly<Record<string, string>> = {}, app = this.app): Promise<Answer> {
    const answer = await app.inject({
      method: 'POST',
      url: '/orders',
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  async get(url: string): Promise<Answer> {
    const answer = await this.app.inject({ method: 'GET', url });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  /** Asks for an order to be cancelled, without a body unless one is given. */
  async cancel(id: string, body?: unknown): Promise<Answer> {
    const answer = await this.app.inject({
      method: 'POST',
      url: `/orders/${id}/cancel`,
      ...(body === undefined
        ? {}
        : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(sql, [...parameters]);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.dataSource.query('SELECT pg_drop_replication_slot($1)', [this.slot]);
    await this.database.drop();
  }

  private static application(database: TestDatabase, captureSlot: string): Promise<Application> {
    return testApplication('order', OrderModule, { databaseUrl: database.url, captureSlot });
  }
}
