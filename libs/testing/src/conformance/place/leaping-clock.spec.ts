import { describe, expect, it } from '@jest/globals';
import { LeapingClock } from './leaping-clock.js';

function leaping(busy: () => boolean = () => false, realMs = 25_000): LeapingClock {
  return new LeapingClock(busy, { virtualMs: 10_000, realMs });
}

describe('a clock that leaps', () => {
  it('wakes sleepers in the order of their due times, until the check passes', async () => {
    const clock = leaping();
    const start = clock.now();
    const woken: number[] = [];
    for (const due of [3_000, 1_000, 2_000]) void clock.sleep(due).then(() => woken.push(due));
    await clock.until(() => expect(woken).toHaveLength(2));
    expect(woken).toEqual([1_000, 2_000]);
    expect(clock.now() - start).toBe(2_000);
  });

  it('stands still while a server is waited for', async () => {
    let busy = true;
    const clock = leaping(() => busy);
    const start = clock.now();
    const slept = clock.sleep(1_000);
    setTimeout(() => (busy = false), 20);
    await clock.until(() => expect(busy).toBe(false));
    expect(clock.now()).toBe(start);
    await clock.pass(1_000);
    await slept;
  });

  it('gives up with what the check threw: when nobody sleeps, and after its virtual time', async () => {
    const clock = leaping();
    const never = () => expect('never').toBe('now');
    await expect(clock.until(never)).rejects.toThrow('never');
    void clock.sleep(10_001);
    const start = clock.now();
    await expect(clock.until(never)).rejects.toThrow('never');
    expect(clock.now()).toBe(start);
  });

  it('gives up after its real time although a server is waited for', async () => {
    const clock = leaping(() => true, 50);
    await expect(clock.until(() => expect(1).toBe(2))).rejects.toThrow('Expected: 2');
  });

  it('passes time for sleepers, whoever waits for a server, and wakes those whose signal aborts', async () => {
    const clock = leaping(() => true);
    const stop = new AbortController();
    const long = clock.sleep(60_000, stop.signal);
    const short = clock.sleep(500);
    const start = clock.now();
    await clock.pass(1_000);
    await short;
    expect(clock.now() - start).toBe(1_000);
    stop.abort();
    await long;
    await clock.sleep(1, stop.signal);
  });
});
