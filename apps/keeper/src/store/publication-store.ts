import { escapeIdentifier, type ClientBase } from 'pg';
import { qualified } from './qualified.js';

/** A table by schema and name. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** A publication as the database has it. */
export interface Publication {
  /** Whether it publishes inserts alone, each under the name of its partitioned table. */
  readonly insertsThroughRoot: boolean;
  readonly tables: readonly TableName[];
}

const OPTIONS = `publish = 'insert', publish_via_partition_root = true`;

/** Reads a publication; undefined when there is none of that name. */
export async function readPublication(client: ClientBase, name: string): Promise<Publication | undefined> {
  const { rows } = await client.query<Publication>(
    `SELECT pubinsert AND pubviaroot AND NOT (pubupdate OR pubdelete OR pubtruncate OR puballtables)
              AS "insertsThroughRoot",
            coalesce(json_agg(json_build_object('schema', nspname, 'name', relname))
                       FILTER (WHERE relname IS NOT NULL), '[]') AS tables
       FROM pg_publication AS publication
       LEFT JOIN pg_publication_rel ON prpubid = publication.oid
       LEFT JOIN pg_class AS relation ON relation.oid = prrelid
       LEFT JOIN pg_namespace AS space ON space.oid = relnamespace
      WHERE pubname = $1
      GROUP BY publication.oid`,
    [name],
  );
  return rows[0];
}

/** Creates a publication of the inserts into these tables. */
export async function createPublication(
  client: ClientBase,
  name: string,
  tables: readonly TableName[],
): Promise<void> {
  await client.query(
    `CREATE PUBLICATION ${escapeIdentifier(name)} FOR TABLE ${listed(tables)} WITH (${OPTIONS})`,
  );
}

/** Makes an existing publication one of the inserts into these tables, and no others. */
export async function alterPublication(
  client: ClientBase,
  name: string,
  tables: readonly TableName[],
): Promise<void> {
  await client.query(`ALTER PUBLICATION ${escapeIdentifier(name)} SET (${OPTIONS})`);
  await client.query(`ALTER PUBLICATION ${escapeIdentifier(name)} SET TABLE ${listed(tables)}`);
}

/** How many of these tables the publication covers, as a subscriber sees it; 0 when there is no such publication. */
export async function countPublished(
  client: ClientBase,
  name: string,
  tables: readonly TableName[],
): Promise<number> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_publication_tables
       JOIN unnest($2::text[], $3::text[]) AS wanted (schema, name)
         ON schemaname = wanted.schema AND tablename = wanted.name
      WHERE pubname = $1`,
    [name, tables.map((table) => table.schema), tables.map((table) => table.name)],
  );
  return rowCount ?? 0;
}

function listed(tables: readonly TableName[]): string {
  return tables.map((table) => qualified(table.schema, table.name)).join(', ');
}
