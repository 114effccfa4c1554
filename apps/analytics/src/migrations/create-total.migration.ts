import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Orders and revenue by region and currency, and beside them every order that was counted, by id: the totals are
 * the grouped sums of the facts at any time. Texts compare bytewise, so that every batch locks in one order.
 */
export class CreateTotal1790000000001 implements MigrationInterface {
  readonly name = 'CreateTotal1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_fact (
        order_id      uuid             PRIMARY KEY,
        event_id      uuid             NOT NULL,
        region        text COLLATE "C" NOT NULL,
        currency      text COLLATE "C" NOT NULL,
        revenue_minor bigint           NOT NULL CHECK (revenue_minor >= 0),
        placed_at     timestamptz      NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE total (
        region        text COLLATE "C" NOT NULL,
        currency      text COLLATE "C" NOT NULL,
        orders        bigint           NOT NULL,
        revenue_minor numeric          NOT NULL,
        PRIMARY KEY (region, currency)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE total`);
    await runner.query(`DROP TABLE order_fact`);
  }
}
