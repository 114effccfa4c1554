import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeOrder } from './place-order.js';
import { seedStock } from './stock-seeding.js';

describe('the sample data', () => {
  let server: Server;
  let url: string;
  let requests: string[];
  let answers: Record<string, { status: number; body?: object }>;

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      const key = `${request.method} ${request.url}`;
      const { status, body } = answers[key] ?? { status: 404 };
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push(`${key} ${Buffer.concat(chunks).toString()}`.trim());
        response.writeHead(status).end(JSON.stringify(body ?? {}));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  it('gives stock only to what the inventory does not know', async () => {
    answers = { 'GET /stock/MUG': { status: 200 }, 'PUT /stock/TEE': { status: 200 } };
    await seedStock(url, { MUG: 5, TEE: 7 });
    expect(requests).toEqual(['GET /stock/MUG', 'GET /stock/TEE', 'PUT /stock/TEE {"onHand":7}']);
  });

  it('that inventory refuses is an error that says so', async () => {
    answers = { 'PUT /stock/TEE': { status: 503 } };
    await expect(seedStock(url, { TEE: 7 })).rejects.toThrow(
      /Stock of TEE could not be set: inventory answers 503/,
    );
  });

  it('is an order whose answer names its event and trace', async () => {
    answers = { 'POST /orders': { status: 201, body: { id: 'o', eventId: 'e', traceId: 't', more: 1 } } };
    const order = await placeOrder(url, { lines: [] });
    expect(order).toMatchObject({ id: 'o', eventId: 'e', traceId: 't' });
    expect(order.answeredAt).toBeGreaterThan(order.requestedAt);
    expect(requests).toEqual(['POST /orders {"lines":[]}']);
  });

  it('is refused with what the order service said', async () => {
    answers = { 'POST /orders': { status: 503, body: { title: 'not captured yet' } } };
    await expect(placeOrder(url, {})).rejects.toMatchObject({
      code: 'SAMPLE',
      details: ['{"title":"not captured yet"}'],
    });
  });
});
