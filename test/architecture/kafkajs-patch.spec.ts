import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

interface Queue {
  push(request: {
    entry: { correlationId: number; resolve: () => void; reject: () => void };
    expectResponse: boolean;
    sendRequest: () => void;
  }): void;
  fulfillRequest(response: { correlationId: number; payload: null; size: number }): void;
  maybeThrottle(milliseconds: number): void;
  destroy(): void;
}

const loadQueue = (): new (options: object) => Queue =>
  createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');

const logger = { debug: () => undefined, warn: () => undefined };

describe('the patched request queue of kafkajs', () => {
  const sent: number[] = [];
  let queue: Queue;
  let delays: () => readonly (number | undefined)[];

  beforeEach(() => {
    jest.useFakeTimers();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    delays = () => timers.mock.calls.map(([, delay]) => delay);
    sent.length = 0;
    const RequestQueue = loadQueue();
    queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1000,
      clientId: 'c',
      broker: 'b',
      logger,
    });
  });
  afterEach(() => {
    queue.destroy();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number): void =>
    queue.fulfillRequest({ correlationId, payload: null, size: 0 });

  it('sets no timer, above all no negative one, when nothing waits', () => {
    push(1);
    answer(1);
    expect(delays()).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not go on waking up once what waited has gone', () => {
    push(1);
    push(2);
    answer(1);
    answer(2);
    jest.advanceTimersByTime(1000);
    expect(sent).toEqual([1, 2]);
    expect(jest.getTimerCount()).toBe(0);
    expect(delays().every((delay) => (delay ?? 0) > 0)).toBe(true);
  });

  it('still sends what the broker throttled, when the time has come', () => {
    queue.maybeThrottle(200);
    push(1);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(199);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(sent).toEqual([1]);
  });
});
