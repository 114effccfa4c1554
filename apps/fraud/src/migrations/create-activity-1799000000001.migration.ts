import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the orders of each customer, card, IP address and device were, in event time: row by row for the ends of a
 * window, by the minute for what lies between, so that a busy key costs no more than a quiet one. Keys are hashed.
 * The rows of before counted customers only, in clear; an unreleased product does not carry them over.
 */
export class CreateActivity1799000000001 implements MigrationInterface {
  readonly name = 'CreateActivity1799000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE customer_activity`);
    await runner.query(`
      CREATE TABLE activity (
        key         uuid             NOT NULL,
        placed_at   timestamptz      NOT NULL,
        total_minor bigint           NOT NULL,
        currency    text COLLATE "C" NOT NULL,
        other       uuid
      )`);
    await runner.query(`CREATE INDEX activity_window ON activity (key, placed_at)`);
    await runner.query(`
      CREATE TABLE activity_minute (
        key         uuid             NOT NULL,
        minute      timestamptz      NOT NULL,
        currency    text COLLATE "C" NOT NULL,
        orders      integer          NOT NULL,
        sum_minor   numeric          NOT NULL,
        least_minor bigint           NOT NULL,
        others      uuid[],
        PRIMARY KEY (key, minute, currency)
      ) WITH (fillfactor = 80)`);
    // In the order of the rows, so almost free: what is too old to be counted is found by it.
    await runner.query(`CREATE INDEX activity_age ON activity USING brin (placed_at)`);
    await runner.query(`CREATE INDEX activity_minute_age ON activity_minute USING brin (minute)`);
    await runner.query(`
      ALTER TABLE assessment ADD COLUMN decision bigint NOT NULL GENERATED ALWAYS AS IDENTITY`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE assessment DROP COLUMN decision`);
    await runner.query(`DROP TABLE activity, activity_minute`);
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
}
