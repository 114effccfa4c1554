import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@millrace/messaging';
import { CaptureGate, Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { startTelemetry, type Telemetry } from '@millrace/telemetry';
import { SpanCollector } from '@millrace/testing/runtime';
import { OrderStore } from '../store/order.store.js';
import { readOrderConfig } from '../order.config.js';
import { OrderIntake } from './order-intake.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'MUG', quantity: 1, unitPriceMinor: 100 }],
};

const collector = new SpanCollector();
const { spans } = collector;
const statements: string[] = [];
let telemetry: Telemetry;

function note(sql: string): void {
  statements.push(sql.trim().replaceAll(/\s+/g, ' ').slice(0, 40));
}

/** An intake on a database that accepts everything; only statements and spans are looked at. */
function intake(): OrderIntake {
  const tx: Transaction = {
    query: async (sql) => {
      note(sql);
      return [];
    },
    write: note,
  };
  const transactions: Transactions = Object.assign(Object.create(Transactions.prototype), {
    run: <Result>(work: (open: Transaction) => Promise<Result>) => work(tx),
  });
  const gate: CaptureGate = Object.assign(Object.create(CaptureGate.prototype), { open: async () => true });
  const config = readOrderConfig({});
  return new OrderIntake(transactions, new OrderStore(transactions, config), new Outbox(), gate, config);
}

beforeAll(() => {
  telemetry = startTelemetry({
    service: 'order',
    spanProcessors: [collector],
  });
});

afterAll(async () => {
  await telemetry.shutdown();
});

describe('the intake', () => {
  it('writes events, orders and lines with one statement each way, however many orders there are', async () => {
    statements.length = 0;
    await intake().place(wish);
    expect(statements).toEqual([
      expect.stringContaining('INSERT INTO outbox'),
      expect.stringContaining('WITH placed AS ( INSERT INTO orders'),
    ]);
  });

  it('makes one trace from placing the order to the creation of its event', async () => {
    spans.length = 0;
    const order = await intake().place(wish);
    const place = spans.find(({ name }) => name === 'order.place');
    const create = spans.find(({ name }) => name === 'create order.created');
    expect(place?.spanContext().traceId).toBe(order.traceId);
    expect(create?.parentSpanContext?.spanId).toBe(place?.spanContext().spanId);
    expect(create?.spanContext().traceId).toBe(order.traceId);
  });

  it('says in its span that an order could not be placed', async () => {
    spans.length = 0;
    const failing = intake();
    failing.placeAll = () => Promise.reject(new Error('no'));
    await expect(failing.place(wish)).rejects.toThrow('no');
    expect(spans.find(({ name }) => name === 'order.place')?.status.code).toBe(2);
  });
});
