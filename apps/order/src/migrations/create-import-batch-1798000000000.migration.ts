import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Imports of orders. A row counts the orders of its batch that exist, with the sum and the exclusive or of their hashes,
 * in the transactions that make them; the columns `ended_*` are what `order.batch.ended` last said. `run` is the import
 * that may write: one that lost its lock to another finds a run that is not its own.
 */
export class CreateImportBatch1798000000000 implements MigrationInterface {
  readonly name = 'CreateImportBatch1798000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE import_batch (
        batch_id      text           NOT NULL PRIMARY KEY CHECK (length(batch_id) BETWEEN 1 AND 64),
        run           uuid           NOT NULL,
        orders        bigint         NOT NULL DEFAULT 0 CHECK (orders >= 0),
        hash_sum      numeric(20, 0) NOT NULL DEFAULT 0 CHECK (hash_sum >= 0),
        hash_xor      bigint         NOT NULL DEFAULT 0,
        begun_at      timestamptz    NOT NULL,
        ended_at      timestamptz,
        ended_orders  bigint,
        ended_sum     numeric(20, 0),
        ended_xor     bigint,
        refused_lines bigint
      ) WITH (fillfactor = 50)`);
    await runner.query(
      `ALTER TABLE orders ADD COLUMN batch_id text CHECK (length(batch_id) BETWEEN 1 AND 64)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE orders DROP COLUMN batch_id`);
    await runner.query(`DROP TABLE import_batch`);
  }
}
