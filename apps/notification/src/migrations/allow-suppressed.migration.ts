import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATES = "'queued', 'sending', 'sent', 'failed', 'unknown'";

/** A replay renders and does not send: its notifications are written down as suppressed. */
export class AllowSuppressed1795000000001 implements MigrationInterface {
  readonly name = 'AllowSuppressed1795000000001';

  async up(runner: QueryRunner): Promise<void> {
    await this.allow(runner, `${STATES}, 'suppressed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM notification WHERE state = 'suppressed'`);
    await this.allow(runner, STATES);
  }

  private async allow(runner: QueryRunner, states: string): Promise<void> {
    await runner.query(`
      ALTER TABLE notification
        DROP CONSTRAINT notification_state_check,
        ADD CONSTRAINT notification_state_check CHECK (state IN (${states}))`);
  }
}
