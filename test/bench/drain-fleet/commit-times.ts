import type { BenchDatabase } from '../watch/bench-database.js';
import type { Member } from './service-tables.js';

/** When the effects of a member were committed: milliseconds since the epoch, by Postgres' own record. */
export interface Commits {
  readonly first: number;
  readonly last: number;
}

/** First and last commit of a member's effects. */
export async function commitsOf(database: BenchDatabase, { schema, entries }: Member): Promise<Commits> {
  const [row] = await database.rows<Commits>(
    `SELECT extract(epoch FROM min(at))::double precision * 1000 AS first,
            extract(epoch FROM max(at))::double precision * 1000 AS last
       FROM (SELECT pg_xact_commit_timestamp(xmin) AS at FROM ${schema}.${entries}) AS entry`,
  );
  return row ?? { first: Number.NaN, last: Number.NaN };
}

/**
 * Events per second of a member within a span, after its beginning and until its end: whatever was committed at its
 * very beginning was worked on before.
 */
export async function rateWithin(
  database: BenchDatabase,
  { schema, entries }: Member,
  { first, last }: Commits,
): Promise<number> {
  const events = await database.number(
    `SELECT count(*)
       FROM (SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::double precision * 1000 AS at
               FROM ${schema}.${entries}) AS entry
      WHERE at > $1 AND at <= $2`,
    [first, last],
  );
  return events / ((last - first) / 1_000);
}

/** The span in which all of them were at work. */
export function commonSpan(commits: readonly Commits[]): Commits {
  return {
    first: Math.max(...commits.map(({ first }) => first)),
    last: Math.min(...commits.map(({ last }) => last)),
  };
}
