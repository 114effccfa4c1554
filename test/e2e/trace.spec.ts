import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, deadLetterTopic, topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import { createKafkaBroker, readRecord } from '@millrace/messaging';
import { ready } from '../support/fleet.js';
import { orderBody, placeOrder, type PlacedOrder } from '../support/orders.js';

const CONSUMERS = consumersOf(topology, 'order.created').map(({ name }) => name);

/** OTLP's number for a span that failed. */
const FAILED = 2;

type Span = ReturnType<typeof otlp.spansOf>[number];

/** Edges between services as Jaeger draws them: a span whose parent, in the same trace, is of another service. */
function edges(spans: readonly Span[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const found = spans.flatMap((span) => {
    const parent = byId.get(span.parentSpanId ?? '');
    return parent && parent.service !== span.service ? [`${parent.service} → ${span.service}`] : [];
  });
  return [...new Set(found)].toSorted();
}

/** What an order that is confirmed leaves in its trace. */
const STEPS = [
  'order: create order.created',
  ...CONSUMERS.map((name) => `${name}: process order.created`),
  'fraud: create fraud.assessed',
  'inventory: create inventory.reserved',
  'order: create order.confirmed',
  'inventory: process order.confirmed',
];

/** Spans of an order's trace once every step has come; each service exports in a time of its own. */
function completeTrace(order: PlacedOrder): Promise<readonly Span[]> {
  return eventually(() => {
    const spans = otlp.spansOf(order.traceId);
    const came = spans.map(({ service, name }) => `${service}: ${name}`);
    expect(came).toEqual(expect.arrayContaining(STEPS));
    return spans;
  });
}

describe('the trace of one order', () => {
  let order: PlacedOrder;
  let spans: readonly Span[];

  beforeAll(async () => {
    await ready();
    order = await placeOrder(stack.services['order'] ?? '');
    spans = await completeTrace(order);
  });

  it('has an edge from the order service to each of the five consumers', () => {
    expect(edges(spans)).toEqual(expect.arrayContaining(CONSUMERS.map((name) => `order → ${name}`)));
  });

  it('resolves every parent, up to the one HTTP server span', async () => {
    // A span that ends before its parent may be exported before it.
    await eventually(() => {
      const all = otlp.spansOf(order.traceId);
      const ids = new Set(all.map(({ spanId }) => spanId));
      const roots = all.filter(({ parentSpanId }) => !parentSpanId);
      expect(roots.map(({ service, name }) => [service, name.split(' ')[0]])).toEqual([['order', 'POST']]);
      expect(all.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
    });
  });

  it('links every process span to the creation of the event that is also its parent', () => {
    const create = spans.find(({ name }) => name === 'create order.created');
    const processed = spans.filter(({ name }) => name === 'process order.created');
    expect(processed.map(({ service }) => service).toSorted()).toEqual(CONSUMERS.toSorted());
    for (const span of processed) {
      expect(span.parentSpanId).toBe(create?.spanId);
      expect(span.links.map(({ spanId }) => spanId)).toEqual([create?.spanId]);
    }
  });

  it('shows how long each consumer waited for capture and delivery, between the creation and its processing', () => {
    const create = spans.find(({ name }) => name === 'create order.created');
    for (const service of CONSUMERS) {
      const own = (name: string) => spans.find((span) => span.service === service && span.name === name);
      const [capture, deliver] = [own('capture order.created'), own('deliver order.created')];
      const processed = own('process order.created');
      if (!create || !capture || !deliver || !processed) throw new Error(`${service} lacks spans`);
      expect([capture.parentSpanId, deliver.parentSpanId]).toEqual([create.spanId, create.spanId]);
      expect(deliver.startTime).toBe(capture.endTime);
      for (const span of [capture, deliver]) expect(span.endTime).toBeGreaterThanOrEqual(span.startTime);
      expect(processed.startTime).toBeGreaterThanOrEqual(deliver.endTime);
    }
  });
});

describe('the trace of an event that dies', () => {
  beforeAll(ready);

  it('shows each consumer’s dead letter below its processing, which has failed', async () => {
    const traceId = randomBytes(16).toString('hex');
    const broker = createKafkaBroker({ clientId: 'traced-poison', brokers: [stack.kafka] });
    try {
      const headers = {
        ce_id: randomUUID(),
        ce_type: 'order.created',
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      };
      const place = { topic: 'order.created', partition: 2, key: Buffer.from('traced') };
      await broker.send([{ ...place, value: Buffer.from('no JSON'), headers }]);
    } finally {
      await broker.close();
    }
    await eventually(() => {
      const spans = otlp.spansOf(traceId);
      for (const group of CONSUMERS) {
        const letter = spans.find(({ name }) => name === `send ${deadLetterTopic(group, 'order.created')}`);
        const cause = spans.find(({ spanId }) => spanId === letter?.parentSpanId);
        expect([group, cause?.name, cause?.service, cause?.status]).toEqual([
          group,
          'process order.created',
          group,
          FAILED,
        ]);
      }
    });
  });
});

describe('the traces of many orders in one batch', () => {
  beforeAll(ready);

  it.each([
    ['fraud', 'fraud.assessed'],
    ['inventory', 'inventory.reserved'],
  ])('%s gives each %s event its own order’s trace', async (service, topic) => {
    // While the consumer is away its backlog grows; when it is back, one batch takes many orders.
    await stack.stop(service);
    const orders = await Promise.all(
      Array.from({ length: 40 }, () => placeOrder(stack.services['order'] ?? '', orderBody())),
    );
    await stack.start(service);
    const traceOf = new Map(orders.map(({ id, traceId }) => [id, traceId]));
    const seen = new Map<string, string | undefined>();
    await readRecord({
      brokers: [stack.kafka],
      topic,
      matches: (record) => {
        const id = record.key?.toString() ?? '';
        if (traceOf.has(id)) seen.set(id, record.headers['traceparent']?.toString().split('-')[1]);
        return seen.size === orders.length;
      },
      timeoutMs: 60_000,
    });
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(traceOf));
    await eventually(() => {
      const batches = orders.flatMap(({ traceId }) =>
        otlp.spansLinking(traceId).filter((span) => span.service === service && span.links.length > 1),
      );
      expect(batches.filter(({ parentSpanId }) => parentSpanId === undefined).length).toBeGreaterThan(0);
    });
  });
});
