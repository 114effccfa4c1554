import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, type StoreBench } from './bench/store-bench.js';

/** What every store's claims do. */
export function describeClaims(bench: () => StoreBench): void {
  describeFreshness(bench);
  describeStandings(bench);
  describeRaces(bench);
}

function describeFreshness(bench: () => StoreBench): void {
  describe('a claim', () => {
    it('is fresh once, and for one group', async () => {
      const id = randomUUID();
      expect(await bench().claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
      expect(await bench().claim([id], AT + 1)).toEqual([{ eventId: id, standing: 'done' }]);
      const other = `${bench().group}-other`;
      const [claim] = await bench().store.transaction((tx) =>
        bench().store.claim(tx, other, [{ eventId: id, receivedAt: AT }], AT),
      );
      expect(claim).toEqual({ eventId: id, standing: 'fresh' });
      expect(await bench().store.statesOf(bench().group, [id])).toEqual([
        { eventId: id, state: 'done', processedAt: new Date(AT) },
      ]);
    });

    it('tells of each event of a batch once, in the order asked', async () => {
      const [known, fresh, other] = [randomUUID(), randomUUID(), randomUUID()];
      await bench().claim([known]);
      expect(await bench().claim([fresh, known, other, fresh])).toEqual([
        { eventId: fresh, standing: 'fresh' },
        { eventId: known, standing: 'done' },
        { eventId: other, standing: 'fresh' },
      ]);
      expect(await bench().claim([])).toEqual([]);
    });
  });
}

function describeStandings(bench: () => StoreBench): void {
  describe('a claim of an event that left the happy path', () => {
    it('tells how an event came to leave the happy path', async () => {
      const [dying, retrying] = [randomUUID(), randomUUID()];
      await bench().store.recordFailure(bench().failure(dying), AT);
      await bench().delay(retrying, 2);
      const failure = {
        attempt: 3,
        reason: 'EXHAUSTED',
        errorClass: 'RetryableError',
        errorMessage: 'not yet',
        firstFailureAt: AT - 1_000,
      };
      const delayed = { ...failure, attempt: 2, reason: 'RETRYABLE', notBefore: AT + 5_000 };
      expect(await bench().claim([dying, retrying])).toEqual([
        { eventId: dying, standing: 'failed', failure: { ...failure, state: 'dying', acknowledged: false } },
        {
          eventId: retrying,
          standing: 'failed',
          failure: { ...delayed, state: 'retrying', acknowledged: true },
        },
      ]);
    });

    it('tells that an event is parked, also as the dead head that blocks its key', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      const ids = [head.eventId, follower.eventId];
      const parked = ids.map((eventId) => ({ eventId, standing: 'parked' }));
      expect(await bench().claim(ids)).toEqual(parked);
      await bench().store.recordFailure(bench().failure(head.eventId, { attempt: 4 }), AT);
      expect(await bench().claim(ids)).toMatchObject([
        { standing: 'failed', failure: { state: 'dying', acknowledged: false } },
        { standing: 'parked' },
      ]);
      await bench().killHead(head);
      expect(await bench().claim(ids)).toEqual(parked);
    });
  });
}

function describeRaces(bench: () => StoreBench): void {
  describe('two claims of one event', () => {
    it.each([
      ['commits', 'done'],
      ['rolls back', 'fresh'],
    ] as const)('wait for each other: when the first %s, the second is %s', async (how, standing) => {
      const id = randomUUID();
      const first = await bench().hold((tx) => bench().claimIn(tx, [id]));
      const second = bench().claim([id]);
      await bench().expectWaiting(second);
      await (how === 'commits' ? first.commit() : first.rollBack());
      expect(await second).toEqual([{ eventId: id, standing }]);
    });

    it('do not deadlock in opposite orders', async () => {
      const ids = Array.from({ length: 200 }, () => randomUUID());
      const owners = [ids, ids.toReversed(), ids, ids.toReversed()].map((order) => bench().claim(order));
      const claims = (await Promise.all(owners)).flat().filter(({ standing }) => standing === 'fresh');
      expect(claims).toHaveLength(200);
    });
  });
}
