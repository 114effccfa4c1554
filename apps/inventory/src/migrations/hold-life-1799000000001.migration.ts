import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What becomes of a hold: confirmed, shipped or released, and until when it stands if nobody speaks. `traceparent` is the
 * trace of the order: a hold that only time ends is released in it.
 */
export class HoldLife1799000000001 implements MigrationInterface {
  readonly name = 'HoldLife1799000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reservation
        DROP CONSTRAINT reservation_status_check,
        DROP CONSTRAINT reservation_reason_check,
        ADD COLUMN expires_at     timestamptz,
        ADD COLUMN changed_at     timestamptz,
        ADD COLUMN release_reason text,
        ADD COLUMN traceparent    text`);
    await runner.query(
      `UPDATE reservation SET expires_at = decided_at + interval '25 hours' WHERE status = 'held'`,
    );
    await runner.query(`
      ALTER TABLE reservation
        ADD CHECK (status IN ('held', 'confirmed', 'shipped', 'released', 'rejected', 'awaited')),
        ADD CHECK (reason IN ('insufficient', 'unknown-sku', 'order-ended')),
        ADD CHECK (release_reason IN ('order-rejected', 'order-cancelled', 'order-expired', 'hold-expired')),
        ADD CHECK ((status = 'released') = (release_reason IS NOT NULL)),
        ADD CHECK (status <> 'held' OR expires_at IS NOT NULL)`);
    await runner.query(`CREATE INDEX reservation_due ON reservation (expires_at) WHERE status = 'held'`);
    await runner.query(`
      ALTER TABLE movement
        DROP CONSTRAINT movement_kind_check,
        ADD COLUMN reason text,
        ADD CHECK (kind IN ('counted', 'adjusted', 'reserved', 'released', 'shipped')),
        ADD CHECK (kind IN ('counted', 'adjusted') OR order_id IS NOT NULL),
        ADD CHECK (kind <> 'adjusted' OR reason IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX reservation_due`);
    await runner.query(`
      ALTER TABLE movement
        DROP CONSTRAINT movement_kind_check, DROP COLUMN reason,
        ADD CHECK (kind IN ('counted', 'reserved')) NOT VALID`);
    await runner.query(`
      ALTER TABLE reservation
        DROP CONSTRAINT reservation_status_check, DROP CONSTRAINT reservation_reason_check,
        DROP COLUMN expires_at, DROP COLUMN changed_at, DROP COLUMN release_reason, DROP COLUMN traceparent,
        ADD CHECK (status IN ('held', 'rejected')) NOT VALID,
        ADD CHECK (reason IN ('insufficient', 'unknown-sku')) NOT VALID`);
  }
}
