import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contextFromTraceparent, runInContext, startTelemetry } from '@millrace/telemetry';
import { eventually } from '@millrace/testing/runtime';
import { importedOrderId } from './import-line.js';
import { OpenImport, orderLine, orderLines } from './import-client.fixture.js';
import { ImportService } from './import-service.fixture.js';
import { OrderImporter } from './order-importer.js';

let imports: ImportService;

beforeAll(async () => {
  imports = await ImportService.start(stack.postgres);
});

afterAll(() => imports.stop());

afterEach(() => imports.clear());

const BAD: Readonly<Record<number, string>> = {
  3: '{"customerId":',
  17: orderLine(17, { coupon: 'X' }),
  18: orderLine(18, { currency: 'XYZ' }),
  50: orderLine(50, { customerId: 'a\u0000b' }),
  51: JSON.stringify({ customerId: 'x'.repeat(300_000) }),
  52: 'x'.repeat(2_000_000),
  100: '[]',
};

function hundred(bad = BAD): string[] {
  return orderLines(100).map((line, index) => (index + 1 === 60 ? '   ' : (bad[index + 1] ?? line)));
}

describe('an import of 100 lines', () => {
  it('places every good one and reports every bad one by its number', async () => {
    const { status, body } = await imports.post('b-1', hundred());
    const stored = await imports.stored('b-1');
    expect(status).toBe(200);
    expect(body).toEqual({
      batchId: 'b-1',
      orders: 92,
      created: 92,
      refusedLines: 7,
      refused: Object.keys(BAD).map((line) => ({ line: Number(line), errors: expect.any(Array) })),
      refusedCut: false,
      checksum: stored.checksum,
    });
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    const good = numbers.filter((line) => line !== 60 && !BAD[line]);
    expect(stored.ids.toSorted()).toEqual(good.map((line) => importedOrderId('b-1', line)).toSorted());
    expect(stored.events).toBe(92);
    expect(await imports.batchEvents('b-1')).toEqual([
      { type: 'order.batch.begun', data: { batchId: 'b-1', begunAt: expect.any(String) } },
      {
        type: 'order.batch.ended',
        data: {
          batchId: 'b-1',
          orders: 92,
          refusedLines: 7,
          checksum: stored.checksum,
          endedAt: expect.any(String),
        },
      },
    ]);
  });

  it('tells of each order when it was placed and with which batch it came', async () => {
    await imports.post('b-1', [orderLine(1, { placedAt: '2026-01-31T23:00:00+01:00' })]);
    const [event] = await imports.service.rows<{ payload: string }>(
      `SELECT payload FROM outbox WHERE topic = 'order.created'`,
    );
    expect(JSON.parse(event?.payload ?? '')).toMatchObject({
      orderId: importedOrderId('b-1', 1),
      batchId: 'b-1',
      placedAt: '2026-01-31T22:00:00.000Z',
    });
  });

  it('sent again places nothing and says nothing twice', async () => {
    await imports.post('b-1', hundred());
    const before = await imports.batchEvents('b-1');
    const { body } = await imports.post('b-1', hundred());
    expect(body).toMatchObject({ orders: 92, created: 0, refusedLines: 7 });
    expect(await imports.stored('b-1')).toMatchObject({ orders: 92, events: 92 });
    expect(await imports.batchEvents('b-1')).toEqual(before);
  });

  it('sent again with its bad lines mended adds them and ends anew', async () => {
    await imports.post('b-1', hundred());
    const { body } = await imports.post('b-1', hundred({}));
    const stored = await imports.stored('b-1');
    expect(stored).toMatchObject({ orders: 99, events: 99 });
    expect(body).toMatchObject({ orders: 99, created: 7, refusedLines: 0, checksum: stored.checksum });
    const [begun, first, second, ...others] = await imports.batchEvents('b-1');
    expect([begun?.type, first?.type, others]).toEqual(['order.batch.begun', 'order.batch.ended', []]);
    expect(second?.data).toMatchObject({ orders: 99, refusedLines: 0, checksum: stored.checksum });
    expect(String(second?.data['endedAt']) > String(first?.data['endedAt'])).toBe(true);
  });

  it('counts orders as they are stored, also when the lines say something else now', async () => {
    await imports.post('b-1', orderLines(10));
    const { checksum } = await imports.stored('b-1');
    const { body } = await imports.post('b-1', orderLines(10).fill(orderLine(77)));
    expect(body).toMatchObject({ orders: 10, created: 0, checksum });
  });

  it('of nothing begins and ends', async () => {
    expect((await imports.post('b-1', [])).body).toMatchObject({ orders: 0, refusedLines: 0 });
    expect((await imports.batchEvents('b-1')).map(({ type }) => type)).toEqual([
      'order.batch.begun',
      'order.batch.ended',
    ]);
  });

  it('loses only the line of an order that the database refuses', async () => {
    await imports.service.rows(
      `ALTER TABLE orders ADD CONSTRAINT poison CHECK (customer_id NOT IN ('c-5', 'c-250'))`,
    );
    try {
      const { body } = await imports.post('b-1', orderLines(450));
      const neutral = [{ path: '', message: 'could not be stored' }];
      expect(body).toMatchObject({
        created: 448,
        refused: [
          { line: 6, errors: neutral },
          { line: 251, errors: neutral },
        ],
      });
      expect(await imports.stored('b-1')).toMatchObject({
        orders: 448,
        events: 448,
        checksum: body['checksum'],
      });
    } finally {
      await imports.service.rows('ALTER TABLE orders DROP CONSTRAINT poison');
    }
  });
});

describe('the trace of an import', () => {
  it('is that of its request, for its orders and for all of its events', async () => {
    const telemetry = startTelemetry({ service: 'order' });
    try {
      const trace = 'a'.repeat(32);
      const body = Readable.from([Buffer.from(orderLines(250).join('\n'))], { objectMode: false });
      await runInContext(contextFromTraceparent(`00-${trace}-00000000000000a1-01`), () =>
        imports.service.app.get(OrderImporter).import('b-1', body),
      );
      const traces = await imports.service.rows(
        `SELECT topic, split_part(traceparent, '-', 2) AS trace, count(*)::int FROM outbox GROUP BY 1, 2 ORDER BY 1`,
      );
      expect(traces).toEqual([
        { topic: 'order.batch', trace, count: 2 },
        { topic: 'order.created', trace, count: 250 },
      ]);
      expect(await imports.service.rows('SELECT DISTINCT trace_id FROM orders')).toEqual([
        { trace_id: trace },
      ]);
    } finally {
      await telemetry.shutdown();
    }
  });
});

describe('two imports of one batch at a time', () => {
  it('are one: the second is refused, in the same process and in another', async () => {
    const second = await imports.service.another();
    try {
      await second.listen(0, '127.0.0.1');
      const first = imports.open('b-1');
      await first.send(orderLines(300));
      await eventually(async () => expect(await imports.batchEvents('b-1')).toHaveLength(1));
      for (const url of [imports.url, await second.getUrl()]) {
        const { status, body } = await imports.post('b-1', orderLines(3), url);
        expect([status, body['type']]).toEqual([409, 'urn:millrace:problem:batch-busy']);
      }
      expect((await imports.post('b-2', orderLines(3), await second.getUrl())).status).toBe(200);
      expect(await first.end()).toMatchObject({ status: 200, body: { created: 300 } });
      expect((await imports.post('b-1', orderLines(3))).status).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('are one also when the first has lost its lock: it writes nothing more', async () => {
    const first = imports.open('b-1');
    await first.send(orderLines(200));
    await eventually(async () => expect(await imports.stored('b-1')).toMatchObject({ orders: 200 }));
    await imports.service.rows('UPDATE import_batch SET run = uuidv7()');
    await first.send(orderLines(200));
    const { status, body } = await first.end();
    expect([status, body['type']]).toEqual([409, 'urn:millrace:problem:batch-lost']);
    expect(await imports.stored('b-1')).toMatchObject({ orders: 200, events: 200 });
    expect(await imports.batchEvents('b-1')).toHaveLength(1);
  });
});

describe('a request that is no import', () => {
  it.each([
    ['without a Batch-Id', {}, 400, 'batch-id-missing'],
    ['with a Batch-Id of two words', { 'batch-id': 'a b' }, 400, 'batch-id-invalid'],
    ['with a Batch-Id that is too long', { 'batch-id': 'x'.repeat(65) }, 400, 'batch-id-invalid'],
    ['of JSON', { 'batch-id': 'b-1', 'content-type': 'application/json' }, 415, 'unsupported-media-type'],
  ])('is refused: %s', async (_what, headers, status, code) => {
    const open = new OpenImport(imports.url, headers as Record<string, string>);
    await open.send(orderLines(2));
    expect(await open.end()).toMatchObject({ status, body: { type: `urn:millrace:problem:${code}` } });
    expect(await imports.service.rows('SELECT FROM import_batch')).toEqual([]);
  });

  it('is refused while its events would not be captured', async () => {
    await imports.service.rows('DROP PUBLICATION millrace_outbox');
    const other = await imports.service.another();
    try {
      await other.listen(0, '127.0.0.1');
      const { status, body } = await imports.post('b-1', orderLines(2), await other.getUrl());
      expect([status, body['type']]).toEqual([503, 'urn:millrace:problem:capture-not-ready']);
      expect(await imports.service.rows('SELECT FROM import_batch')).toEqual([]);
    } finally {
      await other.close();
      await imports.service.rows(
        `CREATE PUBLICATION millrace_outbox FOR TABLE outbox
           WITH (publish = 'insert', publish_via_partition_root = true)`,
      );
    }
  });
});
