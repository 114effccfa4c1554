import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { migrations } from '../migrations/index.js';
import { OrderLineEntity } from './order-line.entity.js';
import { OrderEntity } from './order.entity.js';

let database: TestDatabase;

beforeAll(async () => {
  const entities = [OrderEntity, OrderLineEntity];
  database = await createTestDatabase(stack.postgres, { schema: 'order', migrations, entities });
});

afterAll(async () => {
  await database.drop();
});

describe('the entities', () => {
  it.each([OrderEntity, OrderLineEntity])(
    '%p names exactly the columns that the migrations make',
    async (entity) => {
      const { tableName, columns } = database.dataSource.getMetadata(entity);
      const made = await database.dataSource.query<Record<string, unknown>[]>(
        `SELECT column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable
         FROM information_schema.columns WHERE table_schema = 'order' AND table_name = $1`,
        [tableName],
      );
      const TYPES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };
      const declared = columns.map(({ databaseName, type, isNullable }) => ({
        name: databaseName,
        type: TYPES[String(type)] ?? String(type),
        nullable: isNullable,
      }));
      const byName = (a: { name?: unknown }, b: { name?: unknown }) =>
        String(a.name).localeCompare(String(b.name));
      expect(declared.toSorted(byName)).toEqual(made.toSorted(byName));
    },
  );
});
