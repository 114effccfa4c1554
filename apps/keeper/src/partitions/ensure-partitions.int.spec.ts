import { ownerRole, schemaOf } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { TestFleet } from '../testing/fleet.fixture.js';
import { partitionName, utcDayOf, uuidBounds, type UtcDay } from './day-bounds.js';
import { ensurePartitions, LOCK_WAIT_MS } from './ensure-partitions.js';
import { daysToKeep, partitionedTables, type PartitionedTable } from './partition-plan.js';

describe('day partitions', () => {
  let today: UtcDay;
  let days: readonly UtcDay[];
  let fleet: TestFleet;
  let admin: Client;
  let keeper: Client;
  let tables: readonly PartitionedTable[];

  beforeEach(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    for (const service of fleet.services) await fleet.migrate(service);
    admin = await fleet.connect();
    keeper = await fleet.connect(fleet.system.keeper);
    tables = partitionedTables(fleet.services);
    // Of each test by itself, and last: midnight may pass between two of them.
    const now = Date.now();
    today = utcDayOf(now);
    days = daysToKeep(now);
  });

  afterEach(() => fleet.drop());

  it('are made by the keeper for yesterday to seven days ahead, owned by the service, once', async () => {
    expect(await ensurePartitions(keeper, tables, days)).toHaveLength(tables.length * 9);
    expect(await ensurePartitions(keeper, tables, days)).toEqual([]);
    const { rows } = await admin.query(
      `SELECT relnamespace::regnamespace || ' ' || relowner::regrole AS place, count(*)::int AS partitions
         FROM pg_class WHERE relname ~ '^(in|out)box_p\\d{8}$' GROUP BY place ORDER BY place`,
    );
    expect(rows).toEqual(
      [fleet.fraud, fleet.inventory, fleet.order].map(({ name }) => ({
        place: `${schemaOf(name)} ${ownerRole(name)}`,
        partitions: 18,
      })),
    );
  });

  it("take the rows of their day: an outbox row by its time, an inbox row by its id's", async () => {
    await ensurePartitions(keeper, tables, days);
    const schema = schemaOf(fleet.fraud.name);
    expect(await insertOutbox(admin, schema)).toBe(partitionName('outbox', today));
    expect(await insertInbox(admin, schema, 'uuidv7()')).toBe(partitionName('inbox', today));
    const edges = uuidBounds(today);
    expect(await insertInbox(admin, schema, `'${edges.from}'`)).toBe(partitionName('inbox', today));
    expect(await insertInbox(admin, schema, `'${edges.to}'`)).toBe(partitionName('inbox', today + 1));
    expect(await insertInbox(admin, schema, 'gen_random_uuid()')).toBe('inbox_default');
  });

  it('have the checks, defaults and keys of their table', async () => {
    await ensurePartitions(keeper, tables, days);
    const schema = schemaOf(fleet.fraud.name);
    const partition = `${schema}.${partitionName('inbox', today)}`;
    const twice = `INSERT INTO ${partition} VALUES ('g', '${uuidBounds(today).from}', now(), now())`;
    await admin.query(twice);
    await expect(admin.query(twice)).rejects.toMatchObject({ code: '23505' });
    await expect(insertOutbox(admin, schema, 'NOT A TOPIC')).rejects.toMatchObject({ code: '23514' });
  });

  it('take over the rows that fell into the default partition while the keeper was away', async () => {
    const schema = schemaOf(fleet.fraud.name);
    expect(await insertInbox(admin, schema, 'uuidv7()')).toBe('inbox_default');
    await insertInbox(admin, schema, 'gen_random_uuid()');
    await ensurePartitions(keeper, tables, days);
    const { rows } = await admin.query(
      `SELECT tableoid::regclass::text AS name FROM ${schema}.inbox ORDER BY name`,
    );
    expect(rows.map((row) => row.name)).toEqual([
      `${schema}.inbox_default`,
      `${schema}.${partitionName('inbox', today)}`,
    ]);
  });

  it('are made beside transactions that write and read the table', async () => {
    await ensurePartitions(keeper, tables, days);
    const writer = await fleet.connect();
    await writer.query('BEGIN');
    await insertOutbox(writer, schemaOf(fleet.order.name));
    await insertInbox(writer, schemaOf(fleet.fraud.name), 'uuidv7()');
    const eighth = await ensurePartitions(keeper, tables, [today + 8]);
    expect(eighth).toHaveLength(tables.length);
    await writer.query('COMMIT');
  });

  it('wait two seconds at most for a lock, and are made at the next try', async () => {
    const blocker = await fleet.connect();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT FROM ${schemaOf(fleet.fraud.name)}.inbox_default`);
    const started = performance.now();
    await expect(ensurePartitions(keeper, tables, days)).rejects.toMatchObject({ code: '55P03' });
    expect(performance.now() - started).toBeGreaterThan(LOCK_WAIT_MS * 0.9);
    await blocker.query('COMMIT');
    await ensurePartitions(keeper, tables, days);
    expect(await ensurePartitions(keeper, tables, days)).toEqual([]);
  });

  it('are made once by two keepers at once', async () => {
    const other = await fleet.connect(fleet.system.keeper);
    const made = await Promise.all([keeper, other].map((client) => inRounds(client)));
    expect(new Set(made.flat()).size).toBe(made.flat().length);
    const { rows } = await admin.query<{ partitions: number }>(
      `SELECT count(*)::int AS partitions FROM pg_class WHERE relname ~ '^(in|out)box_p\\d{8}$'`,
    );
    expect(rows).toEqual([{ partitions: tables.length * 9 }]);
  });

  /** As the keeper does it: a round that waited too long for the other's lock is followed by the next. */
  async function inRounds(client: Client): Promise<readonly string[]> {
    for (;;) {
      try {
        return await ensurePartitions(client, tables, days);
      } catch (error) {
        if ((error as { code?: unknown }).code !== '55P03') throw error;
      }
    }
  }

  it('are made for the services that have migrated when another has not', async () => {
    await admin.query(`DROP TABLE ${schemaOf(fleet.fraud.name)}.inbox`);
    await expect(ensurePartitions(keeper, tables, days)).rejects.toMatchObject({
      code: 'MISSING_TABLE',
      message: expect.stringContaining(`run apps/${fleet.fraud.name}/dist/migrate.js first`),
    });
    expect(await insertOutbox(admin, schemaOf(fleet.inventory.name))).toBe(partitionName('outbox', today));
  });
});

async function insertOutbox(client: Client, schema: string, topic = 'order.created'): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `INSERT INTO ${schema}.outbox
       (aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id, content_type, payload, traceparent)
     VALUES ('order', '1', $1, 't', 's', 'd', 'c', 'application/json', '{}', '00-')
     RETURNING split_part(tableoid::regclass::text, '.', 2) AS name`,
    [topic],
  );
  return rows[0]?.name ?? '';
}

async function insertInbox(client: Client, schema: string, id: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `INSERT INTO ${schema}.inbox VALUES ('g', ${id}, now(), now())
     RETURNING split_part(tableoid::regclass::text, '.', 2) AS name`,
  );
  return rows[0]?.name ?? '';
}
