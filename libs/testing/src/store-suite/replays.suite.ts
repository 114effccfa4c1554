import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, placeOf, TOPIC, type StoreBench } from './bench/store-bench.js';

/** What every store's ledger of replays does. */
export function describeReplays(bench: () => StoreBench): void {
  describeArming(bench);
  describeFailing(bench);
  describeLaterEnds(bench);
  describeHeads(bench);
  describeReleasedHeads(bench);
}

function describeArming(bench: () => StoreBench): void {
  describe('a replay', () => {
    it('takes a dead event that it has armed to its effect, once', async () => {
      const [id, replayId] = [randomUUID(), await begin(bench())];
      await bench().kill(id);
      expect(await bench().takeOver(id, { replayId })).toMatchObject([{ standing: 'failed' }]);
      expect(await bench().store.arm(bench().group, id, replayId, AT)).toBe('armed');
      expect(await counts(bench(), replayId)).toEqual({ sent: 1, done: 0, failed: 0 });
      expect(await bench().takeOver(id, { replayId: randomUUID() })).toMatchObject([{ standing: 'failed' }]);
      expect(await bench().takeOver(id, { replayId })).toEqual([{ eventId: id, standing: 'fresh' }]);
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 1, failed: 0 });
      expect(await bench().takeOver(id, { replayId })).toEqual([{ eventId: id, standing: 'done' }]);
      expect(await bench().store.arm(bench().group, id, await begin(bench()), AT)).toBe('not-dead');
    });

    it('arms nothing that is not dead', async () => {
      const [unknown, done, dying, retrying] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      const [parked] = await bench().parkRun('k', 1);
      const replayId = await begin(bench());
      await bench().claim([done]);
      await bench().store.recordFailure(bench().failure(dying), AT);
      await bench().delay(retrying, 1);
      for (const id of [unknown, done, dying, retrying, parked.eventId]) {
        expect(await bench().store.arm(bench().group, id, replayId, AT)).toBe('not-dead');
      }
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 0, failed: 0 });
    });

    it('may arm an event again before it is settled, and not afterwards', async () => {
      const [id, replayId] = [randomUUID(), await begin(bench())];
      await bench().kill(id);
      expect(await bench().store.arm(bench().group, id, replayId, AT)).toBe('armed');
      expect(await bench().store.arm(bench().group, id, replayId, AT)).toBe('armed');
      expect(await counts(bench(), replayId)).toMatchObject({ sent: 1 });
      await dieAgain(bench(), id, replayId);
      expect(await bench().store.arm(bench().group, id, replayId, AT)).toBe('not-dead');
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 0, failed: 1 });
      expect(await bench().store.arm(bench().group, id, await begin(bench()), AT)).toBe('armed');
    });
  });
}

function describeFailing(bench: () => StoreBench): void {
  describe('an event that fails in its replay', () => {
    it('is counted as failed when its death is acknowledged, and is not run again', async () => {
      const [id, replayId] = [randomUUID(), await begin(bench())];
      const { store, group } = bench();
      await bench().kill(id);
      await store.arm(group, id, replayId, AT);
      const again = bench().failure(id, { attempt: 1, replayId });
      expect(await store.recordFailure(bench().failure(id), AT)).toBe('already-dead');
      expect(await store.recordFailure(again, AT)).toBe('recorded');
      expect(await counts(bench(), replayId)).toMatchObject({ sent: 1, failed: 0 });
      expect(await bench().takeOver(id, { replayId })).toMatchObject([
        { standing: 'failed', failure: { state: 'dying', replayId } },
      ]);
      await store.acknowledgeFailure({ group, eventId: id, attempt: 1 }, AT);
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 0, failed: 1 });
      expect(await bench().takeOver(id, { replayId })).toMatchObject([
        { standing: 'failed', failure: { state: 'dead', replayId } },
      ]);
      expect(await store.recordFailure(again, AT)).toBe('already-dead');
    });
  });
}

function describeLaterEnds(bench: () => StoreBench): void {
  describe('an event of a replay', () => {
    it('is counted as done when a retry of it takes effect', async () => {
      const [id, replayId] = [randomUUID(), await begin(bench())];
      await bench().kill(id);
      await bench().store.arm(bench().group, id, replayId, AT);
      const retrying = { state: 'retrying', attempt: 1, reason: 'RETRYABLE', replayId } as const;
      await bench().store.recordFailure(bench().failure(id, retrying), AT);
      await bench().store.acknowledgeFailure({ group: bench().group, eventId: id, attempt: 1 }, AT);
      expect(await counts(bench(), replayId)).toEqual({ sent: 1, done: 0, failed: 0 });
      expect(await bench().takeOver(id, { attempt: 1 })).toEqual([{ eventId: id, standing: 'fresh' }]);
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 1, failed: 0 });
    });

    it('belongs to the last replay that armed it; the one before hears of its end', async () => {
      const [id, first, second] = [randomUUID(), await begin(bench()), await begin(bench())];
      await bench().kill(id);
      await bench().store.arm(bench().group, id, first, AT);
      await bench().store.arm(bench().group, id, second, AT);
      expect(await bench().takeOver(id, { replayId: first })).toMatchObject([{ standing: 'failed' }]);
      expect(await bench().takeOver(id, { replayId: second })).toEqual([{ eventId: id, standing: 'fresh' }]);
      expect(await counts(bench(), first)).toEqual({ sent: 0, done: 1, failed: 0 });
    });
  });
}

function describeHeads(bench: () => StoreBench): void {
  describe('a dead head that blocks its key', () => {
    it('is armed in place, and its followers follow', async () => {
      const [head, follower] = await bench().parkRun('k', 2);
      const [key, replayId] = [placeOf(head), await begin(bench(), true)];
      await bench().killHead(head);
      expect(await bench().store.arm(bench().group, head.eventId, replayId, AT + 5)).toBe('rearmed');
      expect(await bench().store.arm(bench().group, head.eventId, replayId, AT + 6)).toBe('rearmed');
      expect(await bench().due(AT + 5)).toEqual([key]);
      expect(await bench().peek(key)).toMatchObject({
        state: 'waiting',
        attempt: 0,
        failure: { state: 'dead', replayId },
        replay: { replayId, outsideEffects: true },
      });
      expect(await bench().drive(key)).toEqual({ free: false });
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 1, failed: 0 });
      const run = await bench().peek(key);
      expect(run).toMatchObject({ records: [{ eventId: follower.eventId }] });
      expect(run).not.toHaveProperty('replay');
    });

    it('dies again in place when its cause is not mended', async () => {
      const [head] = await bench().parkRun('k', 2);
      const [key, replayId] = [placeOf(head), await begin(bench())];
      await bench().killHead(head);
      await bench().store.arm(bench().group, head.eventId, replayId, AT);
      expect(await bench().peek(key)).toMatchObject({ replay: { outsideEffects: false } });
      await bench().killHead(head, AT, { replayId });
      const run = await bench().peek(key);
      expect(run).toMatchObject({ state: 'dead', failure: { state: 'dead', acknowledged: true, replayId } });
      expect(run).not.toHaveProperty('replay');
      expect(await counts(bench(), replayId)).toEqual({ sent: 0, done: 0, failed: 1 });
      expect(await bench().due(AT)).toEqual([]);
    });
  });
}

function describeReleasedHeads(bench: () => StoreBench): void {
  describe('a dead head that was released', () => {
    it('is replayed like any other once it is released', async () => {
      const [head] = await bench().parkRun('k', 1);
      await bench().killHead(head);
      await bench().store.endBlock(bench().group, head.key, 'release', AT);
      const replayId = await begin(bench());
      expect(await bench().store.arm(bench().group, head.eventId, replayId, AT)).toBe('armed');
      expect(await bench().takeOver(head.eventId, { replayId })).toMatchObject([{ standing: 'fresh' }]);
    });
  });
}

async function begin(bench: StoreBench, outsideEffects = false): Promise<string> {
  const replayId = randomUUID();
  const { group } = bench;
  const request = { by: 'operator', why: 'the cause is mended', filter: '{"reason":"EXHAUSTED"}' };
  await bench.store.startReplay({ replayId, group, topic: TOPIC, outsideEffects, ...request }, AT);
  return replayId;
}

function counts(bench: StoreBench, replayId: string) {
  return bench.store.replayCounts(bench.group, replayId);
}

async function dieAgain(bench: StoreBench, eventId: string, replayId: string): Promise<void> {
  const { group } = bench;
  await bench.store.recordFailure(bench.failure(eventId, { attempt: 1, replayId }), AT);
  await bench.store.acknowledgeFailure({ group, eventId, attempt: 1 }, AT);
}
