import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@millrace/testing/runtime';
import { HoldEndings } from './hold-endings.js';
import { HoldSweeper, SWEEP_EVERY_MS } from './hold-sweeper.js';

/** Endings whose every look finds so many due holds, or fails. */
function endings(found: (number | Error)[], looks: number[]): HoldEndings {
  return Object.assign(Object.create(HoldEndings.prototype) as HoldEndings, {
    expireDue: async (now: Date, limit: number) => {
      looks.push(now.getTime());
      const next = found.shift() ?? 0;
      if (next instanceof Error) throw next;
      return Math.min(next, limit);
    },
  });
}

describe('the sweeper of holds', () => {
  it('looks every second, at once again while much is due, and goes on after a failure', async () => {
    const clock = new VirtualClock(0);
    const looks: number[] = [];
    const sweeper = new HoldSweeper(endings([200, 200, 3, new Error('away'), 1], looks), clock);
    sweeper.onApplicationBootstrap();
    await clock.advance(2 * SWEEP_EVERY_MS);
    await sweeper.beforeApplicationShutdown();
    await clock.advance(10 * SWEEP_EVERY_MS);
    expect(looks).toEqual([0, 0, 0, SWEEP_EVERY_MS, 2 * SWEEP_EVERY_MS]);
  });
});
