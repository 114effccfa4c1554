import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { Ruleset } from '../domain/ruleset.js';
import { FraudModule } from '../fraud.module.js';
import { migrations } from '../migrations/index.js';
import { AssessmentStore } from '../store/assessment.store.js';

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations });
  app = await testApplication('fraud', FraudModule, { databaseUrl: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await app.inject({ method: 'GET', url });
  return { status: statusCode, body: JSON.parse(body) };
}

describe('assessments over HTTP', () => {
  it('tell the outcome and everything that explains it, and no customer', async () => {
    const request = {
      orderId: randomUUID(),
      eventId: randomUUID(),
      traceId: '0af7651916cd43dd8448eb211c80319c',
      customerId: 'c-1001',
      currency: 'EUR',
      totalMinor: 100_000,
      placedAt: '2026-03-01T10:15:30.000Z',
    };
    const decidedAt = new Date('2026-03-01T10:15:30.020Z');
    await app.get(Transactions).run((tx) => app.get(AssessmentStore).assessAll([request], decidedAt, tx));

    expect(await get(`/assessments/${request.orderId}`)).toEqual({
      status: 200,
      body: {
        orderId: request.orderId,
        outcome: 'review',
        score: 300,
        hits: [{ rule: 'amount.high', because: 'fired', score: 300, atLeast: 'approve' }],
        inputs: { currency: 'EUR', totalMinor: 100_000, placedAt: request.placedAt, customerOrders: 1 },
        thresholds: {
          amounts: { EUR: { high: 100_000, veryHigh: 1_000_000 } },
          velocity: { limit: 10, windowMs: 3_600_000 },
          bands: { review: 300, decline: 700 },
        },
        rulesetHash: app.get(Ruleset).hash,
        traceId: request.traceId,
        decidedAt: decidedAt.toISOString(),
      },
    });
  });

  it('are a problem document when there is none, or the id is no id', async () => {
    expect(await get(`/assessments/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:millrace:problem:assessment-not-found' },
    });
    expect(await get('/assessments/42')).toMatchObject({ status: 422 });
  });
});
