import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stock per SKU and the ledger of its movements, append-only: the sums of a SKU's movements are its state.
 * Bytewise collation makes the lock order the same in every process. Half-empty pages keep updates in place.
 */
export class CreateStock1790000000001 implements MigrationInterface {
  readonly name = 'CreateStock1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock (
        sku             text COLLATE "C" PRIMARY KEY,
        on_hand         integer NOT NULL CHECK (on_hand BETWEEN 0 AND 1000000000),
        reserved        integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        backorder_limit integer NOT NULL DEFAULT 0 CHECK (backorder_limit BETWEEN 0 AND 1000000000),
        version         bigint  NOT NULL DEFAULT 1,
        CHECK (reserved <= on_hand + backorder_limit)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE movement (
        id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sku             text COLLATE "C" NOT NULL,
        kind            text NOT NULL CHECK (kind IN ('counted', 'reserved')),
        on_hand_change  integer NOT NULL DEFAULT 0,
        reserved_change integer NOT NULL DEFAULT 0,
        order_id        uuid,
        event_id        uuid,
        moved_at        timestamptz NOT NULL,
        CHECK (kind <> 'reserved' OR (order_id IS NOT NULL AND event_id IS NOT NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE movement`);
    await runner.query(`DROP TABLE stock`);
  }
}
