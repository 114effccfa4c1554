import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AT, type StoreBench } from './bench/store-bench.js';

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
  });
}
