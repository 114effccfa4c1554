import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The consumer runtime's memory in a service's schema: the inbox, a day's partition each (made by the keeper,
 * ids that are no uuidv7 of a kept day fall into the default one), and the events that left the happy path.
 */
export class ConsumerTables1 implements MigrationInterface {
  readonly name = 'ConsumerTables1760000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox (
        consumer_group text        NOT NULL,
        event_id       uuid        NOT NULL,
        received_at    timestamptz NOT NULL,
        processed_at   timestamptz NOT NULL,
        PRIMARY KEY (consumer_group, event_id)
      ) PARTITION BY RANGE (event_id)`);
    await runner.query(`CREATE TABLE inbox_default PARTITION OF inbox DEFAULT`);
    await runner.query(`
      CREATE TABLE failed_event (
        consumer_group text        NOT NULL,
        event_id       uuid        NOT NULL,
        state          text        NOT NULL CHECK (state IN ('retrying', 'dying', 'dead', 'resolved')),
        acked          boolean     NOT NULL,
        attempt        integer     NOT NULL,
        reason         text        NOT NULL,
        error_class    text        NOT NULL,
        error_message  text        NOT NULL,
        topic          text        NOT NULL,
        partition      integer     NOT NULL,
        source_offset  bigint      NOT NULL,
        not_before     timestamptz,
        replay_id      uuid,
        updated_at     timestamptz NOT NULL,
        PRIMARY KEY (consumer_group, event_id)
      )`);
    await runner.query(`
      CREATE INDEX failed_event_unresolved ON failed_event (consumer_group, state)
       WHERE state <> 'resolved'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE failed_event`);
    await runner.query(`DROP TABLE inbox`);
  }
}
