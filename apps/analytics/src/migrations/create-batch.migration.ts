import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Imports: what has arrived of each batch (the number of its orders, the sum modulo 2^64 and the exclusive or of their
 * hashes), and what its begin and its end announced. Two tables, because their rows come from two topics in any order
 * and each transaction locks rows of one of them only.
 */
export class CreateBatch1798000000001 implements MigrationInterface {
  readonly name = 'CreateBatch1798000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE batch_arrival (
        batch_id text COLLATE "C" NOT NULL PRIMARY KEY,
        orders   bigint           NOT NULL,
        hash_sum numeric(20, 0)   NOT NULL,
        hash_xor bigint           NOT NULL
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE batch_announcement (
        batch_id      text COLLATE "C" NOT NULL PRIMARY KEY,
        begun_at      timestamptz,
        ended_at      timestamptz,
        orders        bigint,
        refused_lines bigint,
        checksum_sum  text,
        checksum_xor  text,
        CHECK (num_nonnulls(ended_at, orders, refused_lines, checksum_sum, checksum_xor) IN (0, 5))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE batch_announcement`);
    await runner.query(`DROP TABLE batch_arrival`);
  }
}
