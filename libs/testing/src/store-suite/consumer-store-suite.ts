import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { describeClaims } from './claims.suite.js';
import { describeDeadHeads } from './dead-heads.suite.js';
import { describeDriving } from './driving.suite.js';
import { describeFailures } from './failures.suite.js';
import { describeForgetting } from './forgetting.suite.js';
import { describeParking } from './parking.suite.js';
import { describeReplays } from './replays.suite.js';
import { describeStates } from './states.suite.js';
import { StoreBench } from './bench/store-bench.js';
import type { StoreUnderTest } from './bench/store-under-test.js';
import { describeTakingOver } from './taking-over.suite.js';
import { describeTransactions } from './transactions.suite.js';

/** The executable contract of `ConsumerStore`: whatever passes it, the runtime works with. Call it in a spec file. */
export function describeConsumerStore(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name}`, () => {
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

    const sections = [
      describeStates,
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
