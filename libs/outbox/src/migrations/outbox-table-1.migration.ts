import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The outbox of a producing service. Rows are inserted, captured and, days later, dropped with their partition;
 * never updated or deleted. Every column that becomes a header is NOT NULL, because the connector writes SQL
 * NULL as the text `null`. The keeper makes a partition a day.
 */
export class OutboxTable1 implements MigrationInterface {
  readonly name = 'OutboxTable1760000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id             uuid        NOT NULL DEFAULT uuidv7(),
        aggregate_type text        NOT NULL,
        aggregate_id   text        NOT NULL,
        topic          text        NOT NULL CHECK (topic ~ '^[a-z][a-z0-9.-]{2,200}$'),
        type           text        NOT NULL,
        source         text        NOT NULL,
        data_schema    text        NOT NULL,
        spec_version   text        NOT NULL DEFAULT '1.0',
        causation_id   text        NOT NULL,
        content_type   text        NOT NULL,
        payload        text        NOT NULL CHECK (octet_length(payload) <= 900000),
        traceparent    text        NOT NULL,
        occurred_at    timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (id, occurred_at)
      ) PARTITION BY RANGE (occurred_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE outbox`);
  }
}
