import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ROLL_BACK, type StoreBench } from './bench/store-bench.js';

const reason = new Error('time is up');

/** What every store's transactions do. */
export function describeTransactions(bench: () => StoreBench): void {
  describeOutcomes(bench);
  describeAborts(bench);
  describeEarlyAborts(bench);
}

function describeOutcomes(bench: () => StoreBench): void {
  describe('a transaction', () => {
    it('gives its result when it commits', async () => {
      expect(await bench().store.transaction(async () => 'done')).toBe('done');
    });

    it('throws on what its work throws, and keeps nothing', async () => {
      const id = randomUUID();
      const { store, ...steps } = benchOf(bench());
      const work = store.transaction(async (tx) => {
        await steps.claimIn(tx, [id]);
        throw ROLL_BACK;
      });
      await expect(work).rejects.toBe(ROLL_BACK);
      expect(await steps.claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
    });

    it('keeps nothing of a rehearsal, and throws on what it throws', async () => {
      const id = randomUUID();
      const { store, ...steps } = benchOf(bench());
      await store.rehearse(async (tx) => void (await steps.claimIn(tx, [id])));
      expect(await steps.claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
      await expect(store.rehearse(() => Promise.reject(ROLL_BACK))).rejects.toBe(ROLL_BACK);
    });
  });
}

function describeAborts(bench: () => StoreBench): void {
  describe('a transaction whose signal aborts', () => {
    it('rejects at once with the reason, and its work can do nothing more', async () => {
      const id = randomUUID();
      const { store, ...steps } = benchOf(bench());
      const [abort, go] = [new AbortController(), Promise.withResolvers<void>()];
      const late = Promise.withResolvers<unknown>();
      const work = store.transaction(async (tx) => {
        await steps.claimIn(tx, [id]);
        abort.abort(reason);
        await go.promise;
        late.resolve(await steps.claimIn(tx, [randomUUID()]).catch((error: unknown) => error));
      }, abort.signal);
      await expect(work).rejects.toBe(reason);
      expect(await steps.claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
      go.resolve();
      expect(await late.promise).toBeInstanceOf(Error);
    });

    it('stops waiting for a lock', async () => {
      const id = randomUUID();
      const { store, ...steps } = benchOf(bench());
      const abort = new AbortController();
      const first = await bench().hold((tx) => steps.claimIn(tx, [id]));
      const second = store.transaction((tx) => steps.claimIn(tx, [id]), abort.signal);
      await bench().expectWaiting(second);
      abort.abort(reason);
      await expect(second).rejects.toBe(reason);
      await first.rollBack();
      expect(await steps.claim([id])).toEqual([{ eventId: id, standing: 'fresh' }]);
    });
  });
}

function describeEarlyAborts(bench: () => StoreBench): void {
  describe('a transaction whose signal is aborted', () => {
    it('does not begin when it is aborted already', async () => {
      let begun = false;
      const work = bench().store.transaction(async () => {
        begun = true;
      }, AbortSignal.abort(reason));
      await expect(work).rejects.toBe(reason);
      expect(begun).toBe(false);
    });
  });
}

function benchOf(bench: StoreBench) {
  return {
    store: bench.store,
    claim: (ids: readonly string[]) => bench.claim(ids),
    claimIn: (...[tx, ids]: Parameters<StoreBench['claimIn']>) => bench.claimIn(tx, ids),
  };
}
