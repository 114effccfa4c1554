import type { ClientBase } from 'pg';
import {
  alterPublication,
  createPublication,
  readPublication,
  type TableName,
} from '../store/publication-store.js';

/** What was done to a publication or slot. */
export type Change = 'created' | 'altered' | 'unchanged';

/** Makes the publication cover exactly these tables: their inserts, each under the partitioned table's name. */
export async function ensurePublication(
  client: ClientBase,
  name: string,
  tables: readonly TableName[],
): Promise<Change> {
  const present = await readPublication(client, name);
  if (!present) {
    await createPublication(client, name, tables);
    return 'created';
  }
  if (present.insertsThroughRoot && sameTables(present.tables, tables)) return 'unchanged';
  await alterPublication(client, name, tables);
  return 'altered';
}

function sameTables(present: readonly TableName[], wanted: readonly TableName[]): boolean {
  const keys = (tables: readonly TableName[]) =>
    tables.map((table) => `${table.schema}.${table.name}`).sort();
  return keys(present).join() === keys(wanted).join();
}
