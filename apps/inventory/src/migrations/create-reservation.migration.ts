import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The one outcome of every order, and the units that the held ones hold. Lines have no foreign key: they are written
 * with their reservation by one function and never apart, and checking each cost a tenth of a batch.
 */
export class CreateReservation1790000000002 implements MigrationInterface {
  readonly name = 'CreateReservation1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reservation (
        order_id   uuid        PRIMARY KEY,
        event_id   uuid        NOT NULL,
        status     text        NOT NULL CHECK (status IN ('held', 'rejected')),
        reason     text        CHECK (reason IN ('insufficient', 'unknown-sku')),
        shortages  jsonb,
        decided_at timestamptz NOT NULL,
        CHECK ((status = 'rejected') = (reason IS NOT NULL AND shortages IS NOT NULL))
      )`);
    await runner.query(`
      CREATE TABLE reservation_line (
        order_id uuid             NOT NULL,
        sku      text COLLATE "C" NOT NULL,
        quantity integer          NOT NULL CHECK (quantity > 0),
        PRIMARY KEY (order_id, sku)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE reservation_line`);
    await runner.query(`DROP TABLE reservation`);
  }
}
