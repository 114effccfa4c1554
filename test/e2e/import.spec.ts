import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { ready } from '../support/fleet.js';
import { orderBody } from '../support/orders.js';

const LINES = 500;

/** Sends an import of good lines, the last of them bad, and gives its answer. */
async function importOrders(batchId: string): Promise<Readonly<Record<string, unknown>>> {
  const lines = Array.from({ length: LINES }, () => JSON.stringify(orderBody()));
  const answer = await fetch(`${stack.services['order']}/orders/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'batch-id': batchId },
    body: [...lines, '{'].join('\n'),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

async function batch(batchId: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${stack.services['analytics']}/batches/${batchId}`);
  if (answer.status !== 200) throw new Error(`the batch is answered with ${answer.status}`);
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

describe('an import through the fleet', () => {
  beforeAll(ready);

  it('arrives whole in analytics, which can tell by what the import said at its end', async () => {
    const batchId = `nightly-${randomUUID()}`;
    const { orders, checksum } = await importOrders(batchId);
    expect(orders).toBe(LINES);
    await eventually(async () =>
      expect(await batch(batchId)).toMatchObject({
        state: 'complete',
        arrived: { orders: LINES, checksum },
        announced: { orders: LINES, refusedLines: 1, checksum },
      }),
    );
  });
});
