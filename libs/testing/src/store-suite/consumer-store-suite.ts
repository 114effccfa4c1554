import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { describeClaims } from './claims.suite.js';
import { describeDeadHeads } from './dead-heads.suite.js';
import { describeDriving } from './driving.suite.js';
import { describeFailures } from './failures.suite.js';
import { describeForgetting } from './forgetting.suite.js';
import { describeParking } from './parking.suite.js';
import { describeReplays } from './replays.suite.js';
import { AT, StoreBench } from './store-bench.js';
import type { StoreUnderTest } from './store-under-test.js';
import { describeTakingOver } from './taking-over.suite.js';
import { describeTransactions } from './transactions.suite.js';

/** The executable contract of `ConsumerStore`: whatever passes it, the runtime works with. Call it in a spec file. */
export function describeConsumerStore(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let bench: StoreBench;

    beforeAll(async () => {
      under = await makeStore();
    });

    afterAll(async () => {
      await under.close();
    });

    beforeEach(() => {
      bench = new StoreBench(under);
    });

    it('answers a probe', async () => {
      await expect(under.store.probe()).resolves.toBeUndefined();
    });

    it('tells where events stand in the order asked, unknown ones included', async () => {
      const [done, unknown, dead] = [randomUUID(), randomUUID(), randomUUID()];
      await bench.claim([done]);
      await bench.kill(dead);
      expect(await under.store.statesOf(bench.group, [dead, done, unknown, done])).toEqual([
        { eventId: dead, state: 'dead', attempts: 3, reason: 'EXHAUSTED' },
        { eventId: done, state: 'done', processedAt: new Date(AT) },
        { eventId: unknown, state: 'unknown' },
        { eventId: done, state: 'done', processedAt: new Date(AT) },
      ]);
      expect(await under.store.statesOf(bench.group, [])).toEqual([]);
    });

    const sections = [
      describeTransactions,
      describeClaims,
      describeFailures,
      describeTakingOver,
      describeParking,
      describeDriving,
      describeDeadHeads,
      describeReplays,
      describeForgetting,
    ];
    for (const section of sections) section(() => bench);
  });
}
