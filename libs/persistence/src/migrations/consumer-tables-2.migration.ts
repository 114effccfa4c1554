import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PARKED_TABLES, REPLAY_TABLES } from './consumer-tables-2.sql.js';

/**
 * Retries, parked keys and replays. From here on an inbox row without `processed_at` says that the event left the
 * happy path and has not taken effect, so the row exists for every event that anybody has decided about.
 */
export class ConsumerTables2 implements MigrationInterface {
  readonly name = 'ConsumerTables1760000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inbox ALTER COLUMN processed_at DROP NOT NULL`);
    await runner.query(`ALTER TABLE failed_event ADD COLUMN first_failure_at timestamptz`);
    await runner.query(`UPDATE failed_event SET first_failure_at = updated_at`);
    await runner.query(`ALTER TABLE failed_event ALTER COLUMN first_failure_at SET NOT NULL`);
    await runner.query(`
      INSERT INTO inbox (consumer_group, event_id, received_at)
      SELECT consumer_group, event_id, updated_at FROM failed_event WHERE state <> 'resolved'
          ON CONFLICT DO NOTHING`);
    for (const statement of [...PARKED_TABLES, ...REPLAY_TABLES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE replay_event, replay, parked_event, parked_key`);
    await runner.query(`DELETE FROM inbox WHERE processed_at IS NULL`);
    await runner.query(`ALTER TABLE inbox ALTER COLUMN processed_at SET NOT NULL`);
    await runner.query(`ALTER TABLE failed_event DROP COLUMN first_failure_at`);
  }
}
