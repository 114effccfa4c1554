import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, ROLL_BACK, type StoreBench } from './bench/store-bench.js';

/** What every store's take-overs of retried events do; those of replayed ones are in the suite of replays. */
export function describeTakingOver(bench: () => StoreBench): void {
  describeCopies(bench);
  describeRefusals(bench);
  describeBatches(bench);
}

function describeCopies(bench: () => StoreBench): void {
  describe('a retry copy', () => {
    it('takes effect once, at the attempt of its failure', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      expect(await bench().takeOver(id, { attempt: 1 }, AT + 1)).toEqual([
        { eventId: id, standing: 'fresh' },
      ]);
      expect((await bench().store.statesOf(bench().group, [id]))[0]).toMatchObject({
        state: 'done',
        processedAt: new Date(AT + 1),
      });
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'done' }]);
      expect(await bench().claim([id])).toEqual([{ eventId: id, standing: 'done' }]);
    });

    it('takes effect also before its own acknowledgement', async () => {
      const id = randomUUID();
      const retrying = bench().failure(id, { state: 'retrying', attempt: 1, reason: 'RETRYABLE' });
      await bench().store.recordFailure(retrying, AT);
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'fresh' }]);
    });
  });
}

function describeRefusals(bench: () => StoreBench): void {
  describe('a retry copy that is not as its failure', () => {
    it.each([1, 3])('of attempt %s is refused when the failure is at 2', async (attempt) => {
      const id = randomUUID();
      await bench().delay(id, 2);
      expect(await bench().takeOver(id, { attempt })).toMatchObject([
        { eventId: id, standing: 'failed', failure: { state: 'retrying', attempt: 2 } },
      ]);
    });

    it('is refused once the event is dying', async () => {
      const id = randomUUID();
      await bench().delay(id, 3);
      await bench().store.recordFailure(bench().failure(id), AT);
      expect(await bench().takeOver(id, { attempt: 3 })).toMatchObject([
        { standing: 'failed', failure: { state: 'dying' } },
      ]);
    });

    it('is refused when nothing is known of its event', async () => {
      const id = randomUUID();
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'done' }]);
    });
  });
}

function describeBatches(bench: () => StoreBench): void {
  describe('a batch of retry copies', () => {
    it('is told apart, in the order asked', async () => {
      const [good, stale, done] = [randomUUID(), randomUUID(), randomUUID()];
      await bench().delay(good, 1);
      await bench().delay(stale, 2);
      await bench().claim([done]);
      const entries = [stale, good, done, good].map((eventId) => ({
        eventId,
        receivedAt: AT,
        by: { attempt: 1 },
      }));
      const claims = await bench().store.transaction((tx) =>
        bench().store.takeOver(tx, bench().group, entries, AT),
      );
      expect(claims.map(({ standing }) => standing)).toEqual(['failed', 'fresh', 'done']);
    });

    it('goes back to its failures when the effect rolls back', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      const effect = bench().store.transaction(async (tx) => {
        await bench().takeOverIn(tx, id, { attempt: 1 });
        throw ROLL_BACK;
      });
      await expect(effect).rejects.toBe(ROLL_BACK);
      expect(await bench().stateOf(id)).toBe('retrying');
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'fresh' }]);
    });

    it('of two owners waits for the first', async () => {
      const id = randomUUID();
      await bench().delay(id, 1);
      const first = await bench().hold((tx) => bench().takeOverIn(tx, id, { attempt: 1 }));
      expect(first.result).toEqual([{ eventId: id, standing: 'fresh' }]);
      const second = bench().takeOver(id, { attempt: 1 });
      await bench().expectWaiting(second);
      await first.commit();
      expect(await second).toEqual([{ eventId: id, standing: 'done' }]);
    });
  });
}
