import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownerRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { copyTree, writeProbe } from '../architecture/tree-copy.js';
import { differences, noDifference } from '../support/conservation.js';
import { count, openPool } from '../support/database.js';
import { allReady, ready } from '../support/fleet.js';
import { freePort } from '../support/keeper-program.js';
import { placeOrders } from '../support/orders.js';

const MIGRATION = `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddCountedBy1899000000000 implements MigrationInterface {
  readonly name = 'AddCountedBy1899000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE order_fact ADD COLUMN counted_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE order_fact DROP COLUMN counted_by');
  }
}
`;
const COLUMNS = 'order_id, event_id, region, currency, revenue_minor, placed_at';

/** Changes a file of the copy; throws when there is nothing to change. */
function edit(folder: string, path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not contain: ${from}`);
  writeProbe(folder, path, text.replace(from, to));
}

/** Sources of the next version: one migration more, which adds a column, and a statement that fills it. */
function nextVersion(): string {
  const folder = copyTree();
  const app = 'apps/analytics/src';
  writeProbe(folder, `${app}/migrations/add-counted-by.migration.ts`, MIGRATION);
  const index = `${app}/migrations/index.ts`;
  edit(
    folder,
    index,
    'import',
    `import { AddCountedBy1899000000000 } from './add-counted-by.migration.js';\nimport`,
  );
  edit(folder, index, '\n];', '\n  AddCountedBy1899000000000,\n];');
  const statement = `${app}/store/add-orders.sql.ts`;
  edit(folder, statement, `order_fact (${COLUMNS})`, `order_fact (${COLUMNS}, counted_by)`);
  edit(folder, statement, `SELECT ${COLUMNS} FROM given`, `SELECT ${COLUMNS}, 'next' FROM given`);
  return folder;
}

describe('the next version of a service, with a column more, beside the one that serves', () => {
  const children: ChildProcess[] = [];
  let pool: pg.Pool;
  let folder: string;

  /** Starts a program of the copy; what it prints is kept for a failure's message. */
  const start = (args: readonly string[], env: Record<string, string>) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const program = { child, output: '', ended: once(child, 'close') };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (program.output += text));
    children.push(child);
    return program;
  };
  const codeOf = async (program: ReturnType<typeof start>) => {
    await program.ended;
    return program.child.exitCode === 0 ? 0 : program.output;
  };

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    folder = nextVersion();
    const compiler = ['node_modules/typescript/bin/tsc', '-b', 'apps/analytics'];
    const compiled = await codeOf(start(compiler, { PATH: process.env['PATH'] ?? '' }));
    if (compiled !== 0) throw new Error(compiled);
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await pool?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('migrates, takes over partitions, hands them back and loses its column, and no order is missed or counted twice', async () => {
    let over = false;
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: () => over,
      connections: 4,
      rate: 40,
    });
    const env = stack.environmentOf('analytics');
    const owner = { ...env, DATABASE_URL: stack.urlFor(ownerRole('analytics')) };
    const counted = (condition: string) =>
      count(pool, `SELECT count(*) AS n FROM analytics.order_fact WHERE ${condition}`);
    try {
      // Expand: two at once, as two replicas' set-ups might be.
      const migrate = [...SERVICE_NODE_OPTIONS, 'apps/analytics/dist/migrate.js'];
      const both = [start(migrate, owner), start(migrate, owner)];
      expect(await Promise.all(both.map(codeOf))).toEqual([0, 0]);

      const port = await freePort();
      const main = [...SERVICE_NODE_OPTIONS, 'apps/analytics/dist/main.js'];
      const next = start(main, { ...env, PORT: port });
      await allReady(180_000, { next: `http://127.0.0.1:${port}` });
      const before = await counted('counted_by IS NULL');
      await eventually(
        async () => {
          expect(await counted(`counted_by = 'next'`)).toBeGreaterThan(20);
          expect(await counted('counted_by IS NULL')).toBeGreaterThan(before + 20);
        },
        { everyMs: 200 },
      );

      // Over to the next one, and back.
      await stack.stop('analytics');
      const taken = await counted(`counted_by = 'next'`);
      await eventually(async () => expect(await counted(`counted_by = 'next'`)).toBeGreaterThan(taken + 50), {
        everyMs: 200,
      });
      await stack.start('analytics');
      next.child.kill('SIGTERM');
      expect(await codeOf(next)).toBe(0);

      // Contract: nobody writes the column any more.
      const owners = openPool(stack.urlFor(ownerRole('analytics')));
      await owners.query('ALTER TABLE analytics.order_fact DROP COLUMN counted_by');
      await owners.end();
    } finally {
      over = true;
      await load;
    }
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), { everyMs: 500 });
  });
});
