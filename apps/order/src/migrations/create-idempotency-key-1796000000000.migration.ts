import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which order a caller's Idempotency-Key stands for; written in the order's own transaction. */
export class CreateIdempotencyKey1796000000000 implements MigrationInterface {
  readonly name = 'CreateIdempotencyKey1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_key (
        key         text        NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 255),
        fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
        order_id    uuid        NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        created_at  timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotency_key`);
  }
}
