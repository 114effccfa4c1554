import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { {{Event}} } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { migrations } from '../migrations/index.js';
import { {{View}} } from '../{{name}}.consumer.js';
import { {{Name}}Module } from '../{{name}}.module.js';
import { keepLatest } from '../store/keep-latest.sql.js';

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: '{{schema}}', migrations });
  app = await testApplication('{{name}}', {{Name}}Module, { databaseUrl: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function get(id: string): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await app.inject({ method: 'GET', url: `/{{things}}/${id}` });
  return { status: statusCode, body: JSON.parse(body) };
}

describe('GET /{{things}}/:{{key}}', () => {
  it('tells what is known of {{anAggregate}}', async () => {
    const example = {{View}}.read({{Event}}.examples[0]);
    const known = { ...example, {{key}}: randomUUID(), eventId: randomUUID() };
    await app.get(Transactions).run((tx) => keepLatest(tx, [known]));

    expect(await get(known.{{key}})).toEqual({
      status: 200,
      body: {
        {{key}}: known.{{key}},
        eventId: known.eventId,
{{toldFields}}
      },
    });
  });

  it('answers with a problem when nothing is known, or the id is none', async () => {
    expect(await get(randomUUID())).toMatchObject({
      status: 404,
      body: { type: 'urn:millrace:problem:{{thing}}-not-found' },
    });
    expect(await get('{{badKey}}')).toMatchObject({ status: 422 });
  });
});
