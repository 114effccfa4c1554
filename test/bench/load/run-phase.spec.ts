import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runPhase } from './run-phase.js';

const CREATED = { status: 201, body: '{"id":"an-order"}' };

let server: Server | undefined;
let open = 0;
let most = 0;

afterEach(async () => {
  const closing = server;
  server = undefined;
  if (closing) await new Promise((resolve) => closing.close(resolve));
});

/** A service that answers after `delayMs`, told the number of the request. */
async function serve(answer: (n: number) => { status: number; body: string }, delayMs = 0): Promise<string> {
  let n = 0;
  [open, most] = [0, 0];
  server = createServer((request, response) => {
    const { status, body } = answer((n += 1));
    most = Math.max(most, (open += 1));
    request.resume();
    setTimeout(() => {
      open -= 1;
      response.writeHead(status).end(body);
    }, delayMs);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a phase of load', () => {
  it('keeps as many requests under way as it has connections, and counts each answer once', async () => {
    let answered = 0;
    const url = await serve(() => {
      answered += 1;
      return CREATED;
    }, 5);
    const measure = await runPhase({ connections: 4, seconds: 0.3 }, { url, phases: [], watched: {} });
    expect(most).toBe(4);
    expect(measure.orders).toBe(answered);
    expect(measure.lines).toBeGreaterThan(measure.orders);
    expect(measure.p50).toBeGreaterThanOrEqual(4);
  });

  it('sends on schedule and counts from the moment a request was due, however late its connection is free', async () => {
    const url = await serve(() => CREATED, 50);
    const phase = { connections: 1, seconds: 0.5, perSecond: 40 };
    const measure = await runPhase(phase, { url, phases: [], watched: {} });
    expect(measure.orders).toBe(20);
    // 20 requests of 50 ms over one connection within half a second: the last one waits for half a second.
    expect(measure.p99).toBeGreaterThan(300);
  });

  it.each([
    ['another status', { status: 503, body: '{"id":"x"}' }],
    ['an answer without an id', { status: 201, body: '{"status":"pending"}' }],
  ])('ends with %s', async (_, wrong) => {
    const url = await serve((n) => (n === 5 ? wrong : CREATED));
    const task = { url, phases: [], watched: {} };
    await expect(runPhase({ connections: 2, seconds: 5 }, task)).rejects.toThrow(`${wrong.status}`);
  });

  it('ends a schedule at its first wrong answer', async () => {
    const url = await serve(() => ({ status: 500, body: '{}' }));
    const task = { url, phases: [], watched: {} };
    await expect(runPhase({ connections: 2, seconds: 60, perSecond: 50 }, task)).rejects.toThrow('500');
  });
});
