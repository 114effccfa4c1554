import { describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { kafkaAnswers } from '../jvm/kafka-probe.js';
import { serverFacts } from '../postgres/admin-database.js';

describe('the shared stack', () => {
  it('has a Postgres that decodes its log and keeps commit times', async () => {
    const facts = await serverFacts(stack.postgres);
    expect(facts.version).toBeGreaterThanOrEqual(180_000);
    expect(facts.walLevel).toBe('logical');
  });

  it('has a broker that counts itself among the brokers', async () => {
    const port = Number(stack.kafka.split(':')[1]);
    await eventually(async () => expect(await kafkaAnswers(port)).toBe(true));
  });

  it('has a Connect worker that lists its connectors', async () => {
    await stack.ready('connect');
    const answer = await fetch(new URL('/connectors', stack.connect));
    expect(answer.status).toBe(200);
  });
});
