import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Orders that a person must look at, lists that people keep, rule sets by their hash, and what shadow rule sets said.
 * A review without `opened_at` is of an order that ended before fraud judged it: it waits for nobody.
 */
export class CreateReview1799000000002 implements MigrationInterface {
  readonly name = 'CreateReview1799000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE review (
        order_id    uuid        PRIMARY KEY,
        state       text        NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'closed')),
        opened_at   timestamptz,
        event_id    uuid,
        traceparent text,
        reviewer    text,
        reason      text,
        ended_at    timestamptz,
        CHECK ((state = 'open') = (ended_at IS NULL))
      )`);
    await runner.query(`
      CREATE INDEX review_queue ON review (state, opened_at, order_id) WHERE opened_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE list_entry (
        kind           text             NOT NULL CHECK (kind IN ('customer', 'card', 'ip', 'device')),
        value          text COLLATE "C" NOT NULL,
        list           text             NOT NULL CHECK (list IN ('allow', 'deny')),
        reason         text             NOT NULL,
        added_by       text             NOT NULL,
        added_at       timestamptz      NOT NULL,
        removed_reason text,
        removed_by     text,
        removed_at     timestamptz,
        PRIMARY KEY (kind, value, list)
      )`);
    await runner.query(`
      CREATE TABLE ruleset (
        hash          text        PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
        spec          jsonb       NOT NULL,
        first_used_at timestamptz NOT NULL
      )`);
    await this.createShadowAssessment(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE review, list_entry, ruleset, shadow_assessment`);
  }

  private async createShadowAssessment(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE shadow_assessment (
        event_id          uuid        NOT NULL,
        ruleset_hash      text        NOT NULL,
        order_id          uuid        NOT NULL,
        outcome           text        NOT NULL CHECK (outcome IN ('approve', 'review', 'decline')),
        score             integer     NOT NULL,
        hits              jsonb       NOT NULL,
        live_outcome      text        NOT NULL,
        live_ruleset_hash text        NOT NULL,
        decided_at        timestamptz NOT NULL,
        position          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (event_id, ruleset_hash)
      )`);
    await runner.query(`
      CREATE INDEX shadow_assessment_difference ON shadow_assessment (ruleset_hash, position)
       WHERE outcome <> live_outcome`);
    await runner.query(`
      CREATE INDEX shadow_assessment_confusion ON shadow_assessment (ruleset_hash, live_outcome, outcome)`);
  }
}
