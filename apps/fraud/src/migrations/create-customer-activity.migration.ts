import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each customer did, in event time; `decision` numbers the rows in the order in which they were decided,
 * which is total per customer because a customer is locked while one of its orders is decided.
 */
export class CreateCustomerActivity1790000000002 implements MigrationInterface {
  readonly name = 'CreateCustomerActivity1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customer_activity (
        order_id    uuid             PRIMARY KEY,
        customer_id text COLLATE "C" NOT NULL,
        placed_at   timestamptz      NOT NULL,
        decision    bigint           NOT NULL GENERATED ALWAYS AS IDENTITY
      )`);
    await runner.query(`
      CREATE INDEX customer_activity_window ON customer_activity (customer_id, placed_at, decision)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE customer_activity`);
  }
}
