import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { inSpan, startTelemetry, type Telemetry } from '@millrace/telemetry';
import { SpanCollector, type EndedSpan } from '@millrace/testing/runtime';
import { Transactions } from './transactions.js';

const CLIENT = 2;
const collector = new SpanCollector();
const { spans } = collector;
let telemetry: Telemetry;
let database: TestDatabase;
let transactions: Transactions;

beforeAll(async () => {
  telemetry = startTelemetry({
    service: 'fraud',
    spanProcessors: [collector],
  });
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [] });
  transactions = new Transactions(database.dataSource);
  await transactions.read('CREATE TABLE note (id integer PRIMARY KEY, body text NOT NULL)');
});
afterAll(async () => {
  await database.drop();
  await telemetry.shutdown();
});
beforeEach(() => void (spans.length = 0));

async function series(start: string): Promise<string[]> {
  return (await telemetry.metricsText()).split('\n').filter((line) => line.startsWith(start));
}

function statements(): EndedSpan[] {
  return spans.filter(({ kind }) => kind === CLIENT);
}

describe('a statement', () => {
  it('is a span of the trace that it is sent in, whoever sends it, named by its first word', async () => {
    await inSpan('work', async () => {
      await transactions.run((tx) => {
        tx.write('INSERT INTO note VALUES ($1::integer, $2)', [1, 'secret']);
        return tx.query('SELECT body FROM note WHERE body = $1', ['secret']);
      });
      await transactions.read('SELECT 1');
      await database.dataSource.query('SELECT 2');
    });
    const work = spans.find(({ name }) => name === 'work');
    expect(statements().map(({ name }) => name)).toEqual([
      'START',
      'INSERT',
      'SELECT',
      'COMMIT',
      'SELECT',
      'SELECT',
    ]);
    for (const { parentSpanContext } of statements())
      expect(parentSpanContext?.spanId).toBe(work?.spanContext().spanId);
    expect(JSON.stringify(statements().map(({ attributes }) => attributes))).not.toMatch(/note|secret|body/);
  });

  it('is no span outside of a trace, and is measured all the same', async () => {
    await transactions.read('DELETE FROM note WHERE id = $1', [7]);
    expect(statements()).toEqual([]);
    const counted = await series('db_client_operation_duration_seconds_count{');
    expect(counted).toContain(
      'db_client_operation_duration_seconds_count{db_system_name="postgresql",db_operation_name="DELETE"} 1',
    );
  });

  it('fails with the code of the database, in its span and in its measure', async () => {
    await inSpan('work', async () => {
      await expect(transactions.read('UPDATE note SET nothing = 1')).rejects.toMatchObject({ code: '42703' });
    });
    expect(statements().map(({ status, attributes }) => [status.code, attributes['error.type']])).toEqual([
      [2, '42703'],
    ]);
    expect(await series('db_client_operation_duration_seconds_count{')).toContainEqual(
      expect.stringContaining('db_operation_name="UPDATE",error_type="42703"'),
    );
  });

  it('has a closed number of names, whatever it begins with', async () => {
    await transactions.read('/* who? */ SELECT 1');
    await transactions.read('VALUES (1)');
    const names = (await series('db_client_operation_duration_seconds_count{')).map(
      (line) => /db_operation_name="([^"]*)"/.exec(line)?.[1],
    );
    expect(names).toContain('OTHER');
    expect(names).not.toContain('VALUES');
  });
});
