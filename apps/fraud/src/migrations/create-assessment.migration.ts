import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Decisions with all that explains them: one per event and rule set, one live per order. */
export class CreateAssessment1790000000001 implements MigrationInterface {
  readonly name = 'CreateAssessment1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assessment (
        event_id     uuid        NOT NULL,
        ruleset_hash text        NOT NULL CHECK (ruleset_hash ~ '^[0-9a-f]{64}$'),
        order_id     uuid        NOT NULL,
        live         boolean     NOT NULL DEFAULT true,
        outcome      text        NOT NULL CHECK (outcome IN ('approve', 'review', 'decline')),
        score        integer     NOT NULL CHECK (score BETWEEN 0 AND 1000),
        hits         jsonb       NOT NULL,
        inputs       jsonb       NOT NULL,
        thresholds   jsonb       NOT NULL,
        trace_id     text        NOT NULL,
        decided_at   timestamptz NOT NULL,
        PRIMARY KEY (event_id, ruleset_hash)
      )`);
    await runner.query(`CREATE UNIQUE INDEX assessment_live ON assessment (order_id) WHERE live`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE assessment`);
  }
}
