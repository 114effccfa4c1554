import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, TOPIC, type StoreBench } from './bench/store-bench.js';

/** What every store tells operators. */
export function describeStates(bench: () => StoreBench): void {
  describe('the store', () => {
    it('answers a probe', async () => {
      await expect(bench().store.probe()).resolves.toBeUndefined();
    });

    it('tells where events stand in the order asked, unknown ones included', async () => {
      const [done, unknown, dead] = [randomUUID(), randomUUID(), randomUUID()];
      await bench().claim([done]);
      await bench().kill(dead);
      expect(await bench().store.statesOf(bench().group, [dead, done, unknown, done])).toEqual([
        { eventId: dead, state: 'dead', attempts: 3, reason: 'EXHAUSTED' },
        { eventId: done, state: 'done', processedAt: new Date(AT) },
        { eventId: unknown, state: 'unknown' },
        { eventId: done, state: 'done', processedAt: new Date(AT) },
      ]);
      expect(await bench().store.statesOf(bench().group, [])).toEqual([]);
    });

    it('counts what is dead by topic and reason, since its oldest death, until it is resolved', async () => {
      const { store, group } = bench();
      const [old, young, retrying, dying] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      await bench().kill(young, AT + 9_000);
      await bench().kill(old);
      await bench().delay(retrying, 1);
      await store.recordFailure(bench().failure(dying), AT);
      const counted = { topic: TOPIC, reason: 'EXHAUSTED' };
      expect(await store.deadEvents(group)).toEqual([{ ...counted, count: 2, oldestAt: AT }]);
      const replayId = randomUUID();
      const why = { by: 'ada', why: 'mended', filter: '{}', outsideEffects: false };
      await store.startReplay({ replayId, group, topic: TOPIC, ...why }, AT);
      expect(await store.arm(group, old, replayId, AT + 5_000)).toBe('armed');
      await bench().takeOver(old, { replayId });
      expect(await store.deadEvents(group)).toEqual([{ ...counted, count: 1, oldestAt: AT + 9_000 }]);
    });
  });
}
