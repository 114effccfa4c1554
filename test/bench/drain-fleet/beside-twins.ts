import type { BenchStack } from '../harness/bench-stack.js';
import { createNaiveTables, dropNaiveTables } from '../peers/naive/naive-tables.js';
import { createNaiveTopics, deleteNaiveTopics } from '../peers/naive/naive-topics.js';
import { BenchDatabase } from '../watch/bench-database.js';

/** Runs with the twins' tables and topics there and capture seeing nothing, and leaves the stack as it was. */
export async function besideTwins<Result>(
  { local }: BenchStack,
  work: (database: BenchDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await BenchDatabase.connect(local.postgres);
  await createNaiveTables(local.postgres);
  await createNaiveTopics(local.kafka);
  // The events that are written here are nobody's orders: capture must not bring them to other services.
  await database.rows(`ALTER PUBLICATION millrace_outbox SET (publish = '')`);
  try {
    return await work(database);
  } finally {
    await database.rows(`ALTER PUBLICATION millrace_outbox SET (publish = 'insert')`);
    await database.close();
    await deleteNaiveTopics(local.kafka);
    await dropNaiveTables(local.postgres);
  }
}
