import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders with their lines. Transitions of the status come with the lifecycle; `version` counts them. */
export class CreateOrders1790000000000 implements MigrationInterface {
  readonly name = 'CreateOrders1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id          uuid        NOT NULL PRIMARY KEY,
        customer_id text        NOT NULL,
        region      text        NOT NULL,
        currency    text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        total_minor bigint      NOT NULL CHECK (total_minor >= 0),
        status      text        NOT NULL
                    CHECK (status IN ('pending', 'confirmed', 'rejected', 'cancelled', 'expired')),
        version     integer     NOT NULL DEFAULT 1 CHECK (version >= 1),
        event_id    uuid        NOT NULL,
        trace_id    text        NOT NULL,
        details     jsonb       NOT NULL,
        placed_at   timestamptz NOT NULL,
        updated_at  timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE order_line (
        order_id         uuid    NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        line_no          integer NOT NULL,
        sku              text    NOT NULL,
        quantity         integer NOT NULL CHECK (quantity >= 1),
        unit_price_minor bigint  NOT NULL CHECK (unit_price_minor >= 0),
        PRIMARY KEY (order_id, line_no),
        UNIQUE (order_id, sku)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE order_line`);
    await runner.query(`DROP TABLE orders`);
  }
}
