import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';
import { systemClock } from './clock.js';
import { KeeperLoop } from './keeper-loop.js';
import { VirtualClock } from './virtual-clock.fixture.js';

describe('a keeper loop', () => {
  it('looks at once and again after each pause that the look asks for', async () => {
    const clock = new VirtualClock(0);
    const looks: number[] = [];
    const loop = new KeeperLoop(clock, async () => {
      looks.push(clock.now());
      return looks.length * 100;
    });
    loop.start();
    await clock.wake();
    await clock.wake();
    await loop.stop();
    expect(looks).toEqual([0, 100, 300]);
  });

  it('ends a pause and a look that is under way when it stops', async () => {
    const sleeping = new KeeperLoop(systemClock, async () => 3_600_000);
    const looking = new KeeperLoop(
      systemClock,
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(3_600_000))),
    );
    sleeping.start();
    looking.start();
    await expect(Promise.all([sleeping.stop(), looking.stop()])).resolves.toHaveLength(2);
  });
});

describe('the backoff', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [5, 16_000],
    [6, 30_000],
    [400, 30_000],
  ])('after failure %i is %i ms', (failures, pauseMs) => {
    expect(backoffMs(failures)).toBe(pauseMs);
  });
});
