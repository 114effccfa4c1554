import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StatesClient } from './states-client.js';

const signal = new AbortController().signal;

describe('asking a service what became of events', () => {
  let server: Server;
  let asked: string[][];
  let credentials: (string | undefined)[];
  let status: number;
  let client: StatesClient;

  beforeEach(async () => {
    [asked, credentials, status] = [[], [], 200];
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = new StatesClient(new Map([['fraud', `http://127.0.0.1:${port}`]]));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { ids } = (await json(request)) as { ids: string[] };
    asked.push(ids);
    credentials.push(request.headers.authorization);
    const items = ids.map((eventId) => ({ eventId, state: eventId.startsWith('u') ? 'unknown' : 'dead' }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
  }

  it('asks a thousand at once and gives those that are unknown', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `${index % 500 === 0 ? 'u' : 'd'}${index}`);
    expect([...(await client.unknown('fraud', ids, signal))]).toEqual([
      'u0',
      'u500',
      'u1000',
      'u1500',
      'u2000',
    ]);
    expect(asked.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  });

  it('shows its token where it has one', async () => {
    await client.unknown('fraud', ['u1'], signal);
    const { port } = server.address() as AddressInfo;
    const urls = new Map([['fraud', `http://127.0.0.1:${port}`]]);
    const known = new StatesClient(urls, { get: async () => 'secret' });
    await known.unknown('fraud', ['u1'], signal);
    expect(credentials).toEqual([undefined, 'Bearer secret']);
  });

  it('asks nobody about nothing', async () => {
    expect((await client.unknown('nobody', [], signal)).size).toBe(0);
  });

  it('says which service does not answer as it must', async () => {
    status = 503;
    await expect(client.unknown('fraud', ['u1'], signal)).rejects.toThrow(/ops\/events\/states answered 503/);
  });

  it('says where to write down the service that it does not know', async () => {
    await expect(client.unknown('order', ['u1'], signal)).rejects.toThrow(/SERVICE_URLS.*add order=http/);
  });
});
