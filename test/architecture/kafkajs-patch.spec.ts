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

interface ConsumerGroup {
  readonly prototype: { fetch(this: object, nodeId: number): Promise<unknown[]> };
}

describe('the patched fetch of kafkajs', () => {
  const load = (): ConsumerGroup => createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js');

  /** How long the broker may keep a fetch waiting while these partitions of topic `t` are paused. */
  async function waitBeside(paused: readonly number[]): Promise<unknown> {
    let asked: unknown;
    const group = {
      maxWaitTime: 500,
      cluster: {
        refreshMetadataIfNecessary: async () => undefined,
        findBroker: async () => ({
          fetch: async ({ maxWaitTime }: { maxWaitTime: number }) => {
            asked = maxWaitTime;
            return { responses: [] };
          },
        }),
      },
      checkForStaleAssignment: () => undefined,
      filterPartitionsByNode: (_node: number, partitions: unknown) => partitions,
      seekOffsets: async () => undefined,
      getActiveTopicPartitions: () => ({ t: new Set([0, 1].filter((one) => !paused.includes(one))) }),
      offsetManager: { committedOffsets: () => ({ t: { 0: '0', 1: '0' } }), nextOffset: () => '0' },
      subscriptionState: {
        assigned: () => [{ topic: 't', partitions: [0, 1] }],
        paused: () => (paused.length > 0 ? [{ topic: 't', partitions: paused }] : []),
      },
    };
    await load().prototype.fetch.call(group, 0);
    return asked;
  }

  it('waits for records as long as it was told while nothing is paused', async () => {
    expect(await waitBeside([])).toBe(500);
  });

  it('comes back soon while a partition is paused, which may go on at any moment', async () => {
    expect(await waitBeside([1])).toBe(20);
  });
});
