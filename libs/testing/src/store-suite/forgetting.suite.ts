import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, parkedRecord, placeOf, TOPIC, type StoreBench } from './bench/store-bench.js';

const DAY = 86_400_000;

/** What every store forgets, and when: personal data goes with the row that needed it. */
export function describeForgetting(bench: () => StoreBench): void {
  describePersonalData(bench);
  describePurge(bench);
  describeHeadPurge(bench);
  describeReplayPurge(bench);
}

function describePersonalData(bench: () => StoreBench): void {
  describe('personal data', () => {
    it('goes when the event takes effect', async () => {
      const secret = `${randomUUID()}@example.org`;
      const headers = { note: Buffer.from(`header ${secret}`) };
      const parked = parkedRecord('k', 1n, { value: Buffer.from(secret), headers });
      const failed = randomUUID();
      await bench().store.park(bench().group, [parked], AT);
      const retrying = { state: 'retrying', attempt: 1, errorMessage: `refused: ${secret}` } as const;
      await bench().store.recordFailure(bench().failure(failed, retrying), AT);
      expect(await bench().holds(secret)).toBe(true);
      await bench().drive(placeOf(parked));
      expect(await bench().holds(secret)).toBe(true);
      await bench().takeOver(failed, { attempt: 1 });
      expect(await bench().holds(secret)).toBe(false);
    });

    it('goes after its retention when the event is dead', async () => {
      const secret = `${randomUUID()}@example.org`;
      const parked = parkedRecord('k', 1n, { value: Buffer.from(secret) });
      await bench().store.park(bench().group, [parked], AT);
      await bench().killHead(parked, AT, { errorMessage: secret });
      await bench().store.purge(bench().group, AT);
      expect((await bench().peek(placeOf(parked)))?.records).toEqual([parked]);
      expect(await bench().holds(secret)).toBe(true);
      await bench().store.purge(bench().group, AT + 1);
      expect(await bench().holds(secret)).toBe(false);
      expect(await bench().blocked()).toEqual([]);
    });
  });
}

function describePurge(bench: () => StoreBench): void {
  describe('a purge', () => {
    it('forgets what ended before, and nothing that waits or is younger', async () => {
      const [old, young, retrying, dying] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      const [head] = await bench().parkRun('k', 1);
      await bench().kill(old);
      await bench().delay(retrying, 1);
      await bench().store.recordFailure(bench().failure(dying), AT);
      await bench().kill(young, AT + DAY);
      await bench().store.purge(bench().group, AT + DAY);
      const ids = [old, young, retrying, dying, head.eventId];
      const states = await bench().store.statesOf(bench().group, ids);
      expect(states.map(({ state }) => state)).toEqual(['unknown', 'dead', 'retrying', 'dying', 'parked']);
    });

    it('forgets how often an event failed before it took effect', async () => {
      const id = randomUUID();
      await bench().delay(id, 2);
      await bench().takeOver(id, { attempt: 2 });
      const done = { eventId: id, state: 'done', processedAt: new Date(AT) };
      const { store, group } = bench();
      expect(await store.statesOf(group, [id])).toEqual([{ ...done, attempts: 2, reason: 'RETRYABLE' }]);
      await store.purge(group, AT + 1);
      expect(await store.statesOf(group, [id])).toEqual([done]);
    });

    it('does not make a forgotten event fresh', async () => {
      const id = randomUUID();
      await bench().kill(id);
      await bench().store.purge(bench().group, AT + DAY);
      expect(await bench().claim([id])).toEqual([{ eventId: id, standing: 'done' }]);
    });
  });
}

function describeHeadPurge(bench: () => StoreBench): void {
  describe('a purge and dead heads', () => {
    it('lets the followers of a forgotten dead head go on', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      await bench().killHead(head);
      await bench().store.purge(bench().group, AT + DAY);
      expect(await bench().due(AT + DAY)).toEqual([placeOf(head)]);
      expect(await bench().peek(placeOf(head))).toMatchObject({
        state: 'waiting',
        attempt: 0,
        records: [{ eventId: follower.eventId }],
      });
    });
  });
}

function describeReplayPurge(bench: () => StoreBench): void {
  describe('a purge and replays', () => {
    it('keeps a dead head that waits again since a replay has armed it', async () => {
      const [head] = await bench().parkRun('k', 1);
      const replayId = await replay(bench(), AT);
      await bench().killHead(head);
      await bench().store.arm(bench().group, head.eventId, replayId, AT);
      await bench().store.purge(bench().group, AT + DAY);
      expect(await bench().peek(placeOf(head))).toMatchObject({
        records: [{ eventId: head.eventId }],
        replay: { replayId },
      });
    });

    it('keeps a dead event that a replay has armed since', async () => {
      const [id, replayId] = [randomUUID(), await replay(bench(), AT)];
      await bench().kill(id);
      await bench().store.arm(bench().group, id, replayId, AT + DAY);
      await bench().store.purge(bench().group, AT + DAY);
      expect(await bench().takeOver(id, { replayId })).toMatchObject([{ standing: 'fresh' }]);
    });

    it('forgets a replay that ended, not one that runs, and touches no other group', async () => {
      const { store, group } = bench();
      const [ended, running, id] = [await replay(bench(), AT), await replay(bench(), AT), randomUUID()];
      await bench().kill(id, AT + 2 * DAY);
      await store.arm(group, id, ended, AT);
      await store.arm(group, id, running, AT);
      await store.finishReplay(group, ended, 'stopped', AT);
      await store.purge(`${group}-2`, AT + DAY);
      expect(await store.replayCounts(group, ended)).toMatchObject({ sent: 1 });
      await store.purge(group, AT + 1);
      expect(await store.replayCounts(group, ended)).toMatchObject({ sent: 0 });
      expect(await store.replayCounts(group, running)).toMatchObject({ sent: 1 });
    });
  });
}

async function replay(bench: StoreBench, at: number): Promise<string> {
  const replayId = randomUUID();
  const request = { by: 'operator', why: 'mended', filter: '{}', outsideEffects: false };
  await bench.store.startReplay({ replayId, group: bench.group, topic: TOPIC, ...request }, at);
  return replayId;
}
