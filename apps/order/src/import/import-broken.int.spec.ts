import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testApplication } from '@millrace/testing';
import { TcpProxy } from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { OrderModule } from '../order.module.js';
import { orderLines, type OpenImport } from './import-client.fixture.js';
import { ImportService } from './import-service.fixture.js';

/** Short, so that a test can wait for it. */
const IDLE_MS = 1_500;

let imports: ImportService;

beforeAll(async () => {
  imports = await ImportService.start(stack.postgres);
});

afterAll(() => imports.stop());

afterEach(() => imports.clear());

/** Another process, which waits for the next line no longer than `IDLE_MS`. */
async function impatientService() {
  process.env['IMPORT_IDLE_MS'] = String(IDLE_MS);
  try {
    return await imports.service.another();
  } finally {
    delete process.env['IMPORT_IDLE_MS'];
  }
}

/** Sends more than two groups of lines and waits until two are committed. */
async function halfAnImport(batchId: string, url = imports.url): Promise<OpenImport> {
  const open = imports.open(batchId, url);
  await open.send(orderLines(450));
  await eventually(async () => expect(await imports.stored(batchId)).toMatchObject({ orders: 400 }));
  return open;
}

/** What was committed is still there, the batch has begun and not ended, and the same body sent again completes it. */
async function staysOpenUntilItIsSentAgain(batchId: string): Promise<void> {
  expect(await imports.stored(batchId)).toMatchObject({ orders: 400, events: 400 });
  expect((await imports.batchEvents(batchId)).map(({ type }) => type)).toEqual(['order.batch.begun']);
  await eventually(async () => {
    const { status, body } = await imports.post(batchId, orderLines(450));
    expect(status).toBe(200);
    expect(body).toMatchObject({ orders: 450, created: 50 });
  });
  expect(await imports.stored(batchId)).toMatchObject({ orders: 450, events: 450 });
  expect((await imports.batchEvents(batchId)).map(({ type }) => type)).toEqual([
    'order.batch.begun',
    'order.batch.ended',
  ]);
}

describe('an import that does not come to its end', () => {
  it('leaves an open batch when its connection breaks', async () => {
    const open = await halfAnImport('b-1');
    open.break();
    await expect(open.reply).rejects.toThrow('socket hang up');
    await staysOpenUntilItIsSentAgain('b-1');
  });

  it('leaves an open batch when its sender falls silent', async () => {
    const impatient = await impatientService();
    try {
      await impatient.listen(0, '127.0.0.1');
      const open = await halfAnImport('b-1', await impatient.getUrl());
      expect(await open.reply).toMatchObject({
        status: 408,
        body: { type: 'urn:millrace:problem:sender-silent' },
      });
    } finally {
      await impatient.close();
    }
    await staysOpenUntilItIsSentAgain('b-1');
  });

  it('leaves an open batch when its process stops', async () => {
    const other = await imports.service.another();
    let closed: Promise<void> | undefined;
    try {
      await other.listen(0, '127.0.0.1');
      const open = await halfAnImport('b-1', await other.getUrl());
      closed = other.close();
      expect(await open.reply).toMatchObject({
        status: 503,
        body: { type: 'urn:millrace:problem:stopping' },
      });
    } finally {
      await (closed ?? other.close());
    }
    await staysOpenUntilItIsSentAgain('b-1');
  });

  it('leaves an open batch when the database goes away', async () => {
    const database = new URL(imports.service.database.url);
    const proxy = await TcpProxy.start({ host: database.hostname, port: Number(database.port) });
    database.host = proxy.address;
    const other = await testApplication('order', OrderModule, {
      databaseUrl: database.toString(),
      captureSlot: imports.service.slot,
    });
    try {
      await other.listen(0, '127.0.0.1');
      const open = await halfAnImport('b-1', await other.getUrl());
      await proxy.cut();
      await open.send(orderLines(450));
      expect(await open.reply).toMatchObject({
        status: 503,
        body: { type: 'urn:millrace:problem:database-unavailable' },
      });
    } finally {
      await other.close();
      await proxy.close();
    }
    await staysOpenUntilItIsSentAgain('b-1');
  });
});
