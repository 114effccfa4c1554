import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The feature view `customer_orders`. Offline, append-only: every order by id, with event time and the time when
 * it became known. Online: counts and sums per customer, minute of event time and currency, and the latest order;
 * both can be recomputed from the offline rows. Customers compare bytewise, so that batches lock in one order.
 */
export class CreateCustomerOrders1790000000001 implements MigrationInterface {
  readonly name = 'CreateCustomerOrders1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customer_order_event (
        order_id    uuid             PRIMARY KEY,
        event_id    uuid             NOT NULL,
        customer_id text COLLATE "C" NOT NULL,
        currency    text COLLATE "C" NOT NULL,
        sum_minor   bigint           NOT NULL CHECK (sum_minor >= 0),
        event_ts    timestamptz      NOT NULL,
        created_ts  timestamptz      NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE customer_order_tile (
        customer_id text COLLATE "C" NOT NULL,
        minute      timestamptz      NOT NULL,
        currency    text COLLATE "C" NOT NULL,
        orders      bigint           NOT NULL,
        sum_minor   numeric          NOT NULL,
        PRIMARY KEY (customer_id, minute, currency)
      )`);
    await runner.query(`
      CREATE TABLE customer_latest (
        customer_id   text COLLATE "C" PRIMARY KEY,
        last_order_at timestamptz      NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE customer_latest`);
    await runner.query(`DROP TABLE customer_order_tile`);
    await runner.query(`DROP TABLE customer_order_event`);
  }
}
