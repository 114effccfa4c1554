import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKafkaAdmin, createKafkaBroker, type Broker } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { testDataSource } from '@millrace/testing';
import { eventRecord, orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { OrderCancelled, type OrderCreated } from '@millrace/contracts';
import { FraudBench, NOON, order, type Order } from '../fraud-bench.fixture.js';
import { defaultRuleset } from '../domain/rules/default-rules.js';
import type { RulesetSpec } from '../domain/rules/rule-spec.js';
import { Ruleset } from '../domain/ruleset.js';
import { readThresholds } from '../fraud.config.js';
import { sha256 } from '../rulesets/sha256.js';
import { backtest, type Difference } from './backtest.js';

const PARTITIONS = 3;
const live = defaultRuleset(readThresholds({}));
/** Like the live rules, but four orders of a card pass. */
const candidate: RulesetSpec = {
  ...live,
  rules: live.rules.map((rule) =>
    rule.id === 'card.velocity' ? { ...rule, limit: 4 } : rule,
  ) as RulesetSpec['rules'],
};

let bench: FraudBench;
let broker: Broker;
let topic: string;

beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
  broker = createKafkaBroker({ clientId: 'fraud', brokers: [stack.kafka] });
});
afterAll(async () => {
  await broker.close();
  await bench.database.drop();
});
beforeEach(async () => {
  await bench.clear();
  topic = `test.backtest-${randomUUID().slice(0, 8)}`;
  const admin = await createKafkaAdmin({ clientId: 'fraud', brokers: [stack.kafka] });
  const kept = { owner: 'fraud', kind: 'domain', retentionMs: 3_600_000 } as const;
  await admin.createTopics([{ ...kept, name: topic, partitions: PARTITIONS, maxMessageBytes: 1_000_000 }]);
  await admin.close();
});

/** Writes the orders to the log, as capture does, spread over its partitions. */
function log(orders: readonly Order[]): Promise<void> {
  return broker.send(
    orders.map(({ id, data }, index) => {
      const { key, value, headers } = orderCreatedRecord(orderCreated(data as Partial<OrderCreated>), id);
      return { topic, partition: index % PARTITIONS, key, value, headers: headers as Record<string, Buffer> };
    }),
  );
}

async function run(spec: RulesetSpec) {
  const differences: Difference[] = [];
  const settings = { url: bench.database.url, schema: 'fraud', poolSize: 1 };
  const dataSource = await testDataSource(settings).initialize();
  try {
    const place = { transactions: new Transactions(dataSource), broker, topic };
    const result = await backtest(new Ruleset(spec, sha256), place, (one) => differences.push(one));
    return { result, differences };
  } finally {
    await dataSource.destroy();
  }
}

/** 300 orders of 20 cards and 60 customers, decided on many connections at once. */
async function history(): Promise<Order[]> {
  const orders = Array.from({ length: 300 }, (_, index) =>
    order(`c-${index % 60}`, {
      placedAt: new Date(NOON + ((index * 7_919) % 300) * 10_000).toISOString(),
      payment: { cardFingerprint: `card-${index % 20}` },
    }),
  );
  await log(orders);
  const batches = Array.from({ length: 30 }, (_, batch) =>
    orders.filter((_one, index) => index % 30 === batch),
  );
  await Promise.all(batches.map((batch) => bench.handle(batch)));
  return orders;
}

/** Everything that is live. */
async function tables(): Promise<object> {
  const names = ['assessment', 'activity', 'activity_minute', 'review', 'outbox', 'shadow_assessment'];
  const texts = await Promise.all(
    names.map((name) =>
      bench.rows(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS all FROM ${name} t`),
    ),
  );
  return Object.fromEntries(names.map((name, index) => [name, texts[index]]));
}

describe('a back-test', () => {
  it('of the live rules finds no difference, though orders were decided on many connections', async () => {
    await history();
    const { result, differences } = await run(live);
    expect(differences).toEqual([]);
    expect(result).toMatchObject({ orders: 300, undecided: 0, unreadable: 0 });
    expect(result.confusion.every((pair) => pair.live === pair.candidate)).toBe(true);
  });

  it('of other rules finds exactly the orders that they decide otherwise, and counts all', async () => {
    const orders = await history();
    const card = new Map(orders.map(({ data }) => [data.orderId, data.payment?.cardFingerprint]));
    const decided = await bench.rows<{ orderId: string; outcome: string }>(
      'SELECT order_id AS "orderId", outcome FROM assessment ORDER BY decision',
    );
    // A card's orders lie within an hour: from the fifth on the candidate declines, from the eleventh on both do.
    const seen = new Map<string | undefined, number>();
    const expected = decided.filter(({ orderId, outcome }) => {
      const nth = (seen.get(card.get(orderId)) ?? 0) + 1;
      seen.set(card.get(orderId), nth);
      return nth > 4 && outcome !== 'decline';
    });
    expect(expected).toHaveLength(20 * 6);

    const { result, differences } = await run(candidate);
    expect(differences.map(({ orderId }) => orderId)).toEqual(expected.map(({ orderId }) => orderId));
    expect(new Set(differences.map(({ hits }) => hits[0]?.rule))).toEqual(new Set(['card.velocity']));
    expect(result.confusion.reduce((sum, { orders: count }) => sum + count, 0)).toBe(300);
    expect(result.confusion.find((pair) => pair.live === 'decline')).toEqual({
      ...{ live: 'decline', candidate: 'decline', orders: 20 * 5 },
    });
  });

  it('touches nothing that is live', async () => {
    await history();
    const before = await tables();
    await run(candidate);
    expect(await tables()).toEqual(before);
  });

  it('judges an order once that is twice on the log, and tells what was never decided and what cannot be read', async () => {
    const [known, unknown] = [order('c-1'), order('c-2')];
    await bench.handle([known]);
    await log([known, { ...known, id: randomUUID() }, unknown]);
    const cancelled = eventRecord(OrderCancelled, OrderCancelled.examples[0] as never);
    await broker.send([
      {
        topic,
        partition: 0,
        key: null,
        value: Buffer.from('oops'),
        headers: { ce_id: randomUUID(), ce_type: 'order.created' },
      },
      { topic, ...cancelled, headers: cancelled.headers as Record<string, Buffer> },
    ]);
    const { result, differences } = await run(live);
    expect(differences).toEqual([]);
    expect(result).toMatchObject({
      orders: 2,
      undecided: 1,
      unreadable: 2,
      confusion: [{ live: 'approve', candidate: 'approve', orders: 1 }],
    });
  });

  it('of an empty log finds nothing', async () => {
    expect((await run(live)).result).toMatchObject({ orders: 0, confusion: [] });
  });
});
