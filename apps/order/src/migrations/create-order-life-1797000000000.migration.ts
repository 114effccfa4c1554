import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an order's life needs: a deadline, how it ended, and every word of the checks about it. `order_feedback` has no
 * foreign key: a word about an order that is not here is kept as well.
 */
export class CreateOrderLife1797000000000 implements MigrationInterface {
  readonly name = 'CreateOrderLife1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orders
        ADD COLUMN deadline_at     timestamptz,
        ADD COLUMN settled_at      timestamptz,
        ADD COLUMN settled_by      uuid,
        ADD COLUMN settled_because text,
        ADD CHECK ((status = 'pending') = (settled_at IS NULL)),
        ADD CHECK ((settled_at IS NULL) = (settled_by IS NULL))`);
    await runner.query(`UPDATE orders SET deadline_at = placed_at + interval '15 minutes'`);
    await runner.query(`ALTER TABLE orders ALTER COLUMN deadline_at SET NOT NULL`);
    await runner.query(`CREATE INDEX orders_due ON orders (deadline_at) WHERE status = 'pending'`);
    await runner.query(`CREATE INDEX orders_placed ON orders (placed_at, id)`);
    await runner.query(`CREATE INDEX orders_of_customer ON orders (customer_id, placed_at, id)`);
    await runner.query(`
      CREATE TABLE order_feedback (
        order_id    uuid        NOT NULL,
        event_id    uuid        NOT NULL,
        position    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
        signal      text        NOT NULL,
        effect      text        NOT NULL
                    CHECK (effect IN ('counted', 'repeated', 'overtaken', 'contradicting', 'late', 'unknown-order')),
        occurred_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (order_id, event_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE order_feedback`);
    await runner.query(`DROP INDEX orders_of_customer, orders_placed`);
    await runner.query(`
      ALTER TABLE orders
        DROP COLUMN deadline_at, DROP COLUMN settled_at, DROP COLUMN settled_by, DROP COLUMN settled_because`);
  }
}
