import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConnectClient } from './connect-client.js';

const { signal } = new AbortController();

describe('the client of Kafka Connect', () => {
  let server: Server;

  afterEach(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  async function answering(status: number, body: string): Promise<ConnectClient> {
    server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ConnectClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  it('tells the status and the reason of a refusal', async () => {
    const client = await answering(409, '{"error_code":409,"message":"rebalance in process"}');
    await expect(client.restartFailed('x', signal)).rejects.toMatchObject({
      code: 'CONNECT_REFUSED',
      status: 409,
      message: expect.stringMatching(/POST \/connectors\/x\/restart.* with 409: rebalance in process$/),
    });
  });

  it('takes 404 for a connector that is not there', async () => {
    const client = await answering(404, '{"error_code":404,"message":"not found"}');
    expect([await client.config('x', signal), await client.status('x', signal)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['no JSON', '<html>'],
    ['another shape', '{"connector":"RUNNING"}'],
  ])('refuses a status that is %s', async (_what, body) => {
    const client = await answering(200, body);
    await expect(client.status('x', signal)).rejects.toThrow('unknown shape');
  });

  it('gives up on an answer that does not come', async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new ConnectClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 50);
    await expect(client.isReady(signal)).rejects.toThrow(/timeout/);
  });
});
