import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Low stock: the mark at which it is told, and whether it was. */
export class StockWatch1799000000002 implements MigrationInterface {
  readonly name = 'StockWatch1799000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stock
        ADD COLUMN low_threshold integer CHECK (low_threshold BETWEEN 0 AND 1000000000),
        ADD COLUMN low_told      boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE stock DROP COLUMN low_threshold, DROP COLUMN low_told`);
  }
}
