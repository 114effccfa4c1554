import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest that was told of every {{aggregate}}, one row each. */
export class Create{{Thing}}1790000000001 implements MigrationInterface {
  readonly name = 'Create{{Thing}}1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE {{table}} (
{{definitions}}
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE {{table}}`);
  }
}
