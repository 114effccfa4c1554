import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger of notifications, one row per event, workflow, recipient and channel. `due_at` says when a row may be
 * claimed: a queued one for its next attempt, one in `sending` when the lease of whoever claimed it has ended.
 */
export class CreateNotification1790000000001 implements MigrationInterface {
  readonly name = 'CreateNotification1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notification (
        id               uuid        PRIMARY KEY,
        event_id         uuid        NOT NULL,
        order_id         uuid        NOT NULL,
        workflow         text        NOT NULL,
        channel          text        NOT NULL,
        recipient        text        NOT NULL,
        locale           text        NOT NULL,
        template_version integer     NOT NULL,
        subject          text        NOT NULL,
        body             text        NOT NULL,
        state            text        NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
        attempts         integer     NOT NULL DEFAULT 0,
        due_at           timestamptz NOT NULL DEFAULT now(),
        last_error       text,
        created_at       timestamptz NOT NULL DEFAULT now(),
        sent_at          timestamptz,
        CHECK ((state = 'sent') = (sent_at IS NOT NULL))
      )`);
    await runner.query(`
      CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('queued', 'sending')`);
    await runner.query(`CREATE INDEX notification_of_order ON notification (order_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE notification`);
  }
}
