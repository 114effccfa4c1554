import { describe, expect, it } from '@jest/globals';
import type { ParkedRecord } from '@millrace/messaging';
import { AT, parkedRecord, placeOf, type StoreBench } from './bench/store-bench.js';

/** What every store does when the head of a key dies. */
export function describeDeadHeads(bench: () => StoreBench): void {
  describeDying(bench);
  describeFollowers(bench);
  describeEnds(bench);
  describeEmptyKeys(bench);
  describeScope(bench);
}

function describeDying(bench: () => StoreBench): void {
  describe('a record whose death is to block its key', () => {
    it('is parked as it is recorded, and due at once until it is published', async () => {
      const record = parkedRecord('k', 5n);
      const failure = bench().failure(record.eventId, { attempt: 1, reason: 'FATAL' });
      expect(await bench().store.recordFailure(failure, AT, record)).toBe('recorded');
      expect(await bench().due(AT)).toEqual([placeOf(record)]);
      const run = await bench().peek(placeOf(record));
      expect(run).toMatchObject({
        state: 'waiting',
        attempt: 1,
        firstFailureAt: AT - 1_000,
        failure: { state: 'dying', acknowledged: false, reason: 'FATAL' },
      });
      expect(run?.records).toEqual([record]);
      const head = { ...placeOf(record), offset: 5n, stays: true };
      const { eventId } = record;
      await bench().store.acknowledgeFailure({ group: bench().group, eventId, attempt: 1, head }, AT);
      expect(await bench().peek(placeOf(record))).toMatchObject({
        state: 'dead',
        failure: { state: 'dead', acknowledged: true },
      });
      expect(await bench().stateOf(eventId)).toBe('dead');
    });

    it('blocks nothing when it took effect or is dead already', async () => {
      const [done, dead] = [parkedRecord('a', 1n), parkedRecord('b', 2n)];
      await bench().claim([done.eventId]);
      await bench().kill(dead.eventId);
      const { store } = bench();
      expect(await store.recordFailure(bench().failure(done.eventId), AT, done)).toBe('already-done');
      expect(await store.recordFailure(bench().failure(dead.eventId), AT, dead)).toBe('already-dead');
      expect(await bench().blocked()).toEqual([]);
    });
  });
}

function describeFollowers(bench: () => StoreBench): void {
  describe('a dead head', () => {
    it('makes way for its followers when it does not stay', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      await die(bench(), head, false);
      const run = await bench().peek(placeOf(head));
      expect(run).toMatchObject({ state: 'waiting', attempt: 0, records: [{ eventId: follower.eventId }] });
      expect(run).not.toHaveProperty('failure');
      expect(await bench().due(AT)).toEqual([placeOf(head)]);
      await die(bench(), follower, false);
      expect(await bench().blocked()).toEqual([]);
      expect(await bench().stateOf(head.eventId)).toBe('dead');
    });

    it('stays dead while its followers die behind it', async () => {
      const [head, second, third] = await bench().parkRun('k', 3);
      await bench().killHead(head);
      await die(bench(), second, false);
      expect(await bench().peek(placeOf(head))).toMatchObject({
        state: 'dead',
        attempt: 1,
        records: [{ eventId: head.eventId }, { eventId: third.eventId }],
      });
    });
  });
}

function describeEnds(bench: () => StoreBench): void {
  describe('the block of a dead head', () => {
    it('is released: the head stays dead, its followers go on', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      await bench().killHead(head);
      expect(await bench().store.endBlock(bench().group, head.key, 'release', AT + 5)).toEqual([
        { topic: 'order.created', partition: 2, eventId: head.eventId, waiting: 1 },
      ]);
      expect(await bench().stateOf(head.eventId)).toBe('dead');
      expect(await bench().due(AT + 5)).toEqual([placeOf(head)]);
      expect(await bench().peek(placeOf(head))).toMatchObject({
        state: 'waiting',
        attempt: 0,
        records: [{ eventId: follower.eventId }],
      });
      expect(await bench().claim([head.eventId])).toMatchObject([{ standing: 'failed' }]);
    });

    it('is discarded: the head is resolved without an effect', async () => {
      const [head] = await bench().parkRun('k', 2);
      await bench().killHead(head, AT, { errorMessage: 'somebody@example.org' });
      expect(await bench().holds('somebody@example.org')).toBe(true);
      await bench().store.endBlock(bench().group, head.key, 'discard', AT);
      expect(await bench().stateOf(head.eventId)).toBe('resolved');
      expect(await bench().claim([head.eventId])).toEqual([{ eventId: head.eventId, standing: 'done' }]);
      const late = bench().store.recordFailure(bench().failure(head.eventId), AT);
      expect(await late).toBe('already-done');
      expect(await bench().holds('somebody@example.org')).toBe(false);
    });
  });
}

function describeEmptyKeys(bench: () => StoreBench): void {
  describe('the end of a block without followers', () => {
    it('leaves a key without records to its owner, who ends it', async () => {
      const [head] = await bench().parkRun('k', 1);
      await bench().killHead(head);
      expect(await bench().store.endBlock(bench().group, head.key, 'release', AT)).toMatchObject([
        { waiting: 0 },
      ]);
      expect(await bench().due(AT)).toEqual([placeOf(head)]);
      expect((await bench().peek(placeOf(head)))?.records).toEqual([]);
      expect(await bench().peek(placeOf(head))).toBeUndefined();
      expect(await bench().blocked()).toEqual([]);
    });
  });
}

function describeScope(bench: () => StoreBench): void {
  describe('an end of a block', () => {
    it('ends in every topic with that key, and nowhere else', async () => {
      const one = parkedRecord('k', 1n);
      const two = parkedRecord('k', 2n, { topic: 'order.confirmed' });
      const alive = parkedRecord('k', 3n, { topic: 'order.rejected' });
      const other = parkedRecord('other', 4n);
      await bench().store.park(bench().group, [one, two, alive, other], AT);
      for (const head of [one, two, other]) await bench().killHead(head);
      const ended = await bench().store.endBlock(bench().group, one.key, 'release', AT);
      expect(ended.map(({ eventId }) => eventId)).toEqual([two.eventId, one.eventId]);
      expect(await bench().peek(placeOf(other))).toMatchObject({ state: 'dead' });
      expect(await bench().peek(placeOf(alive))).toMatchObject({ records: [{ eventId: alive.eventId }] });
    });

    it('ends in one topic alone when that is asked', async () => {
      const [one, two] = [parkedRecord('k', 1n), parkedRecord('k', 2n, { topic: 'order.confirmed' })];
      await bench().store.park(bench().group, [one, two], AT);
      for (const head of [one, two]) await bench().killHead(head);
      const { store, group } = bench();
      expect(await store.endBlock(group, one.key, 'release', AT, 'order.rejected')).toEqual([]);
      const ended = await store.endBlock(group, one.key, 'release', AT, 'order.confirmed');
      expect(ended.map(({ eventId }) => eventId)).toEqual([two.eventId]);
      expect(await bench().peek(placeOf(one))).toMatchObject({ state: 'dead' });
    });

    it('is not there while the head waits, or in another group', async () => {
      const [head] = await bench().parkRun('k', 1);
      expect(await bench().store.endBlock(bench().group, head.key, 'discard', AT)).toEqual([]);
      await bench().killHead(head);
      expect(await bench().store.endBlock(`${bench().group}-2`, head.key, 'discard', AT)).toEqual([]);
      expect(await bench().peek(placeOf(head))).toMatchObject({ state: 'dead' });
    });
  });
}

/** Records and acknowledges the death of a parked event. */
async function die(bench: StoreBench, record: ParkedRecord, stays: boolean): Promise<void> {
  const { eventId } = record;
  await bench.store.recordFailure(bench.failure(eventId), AT);
  const head = { ...placeOf(record), offset: record.record.offset, stays };
  await bench.store.acknowledgeFailure({ group: bench.group, eventId, attempt: 3, head }, AT);
}
