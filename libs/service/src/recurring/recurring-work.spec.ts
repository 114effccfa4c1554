import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@millrace/testing/runtime';
import { RecurringWork, type Recurrence } from './recurring-work.js';

const EVERY_MS = 1_000;

/** Work that notes when it looks; each look does what it is given. */
class Looks extends RecurringWork {
  readonly at: number[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly work: readonly (() => Promise<void>)[] = [],
    private readonly warnings: object[] = [],
    first?: Recurrence['first'],
  ) {
    const log = { warn: (fields: object, message?: string) => void warnings.push({ ...fields, message }) };
    super({ everyMs: EVERY_MS, clock, log, failure: 'not looked', ...(first ? { first } : {}) });
  }

  steps(sizes: number[]): Promise<number> {
    return this.inSteps(10, async () => sizes.shift() ?? 0);
  }

  get told(): readonly object[] {
    return this.warnings;
  }

  protected override async look(): Promise<void> {
    this.at.push(this.clock.now());
    await this.work[this.at.length - 1]?.();
  }
}

describe('recurring work', () => {
  it.each([
    [undefined, [0, EVERY_MS, 2 * EVERY_MS]],
    ['after-pause' as const, [EVERY_MS, 2 * EVERY_MS]],
  ])(
    'with its first look %s looks again after every pause until the service stops',
    async (first, expected) => {
      const clock = new VirtualClock(0);
      const work = new Looks(clock, [], [], first);
      work.onApplicationBootstrap();
      await clock.advance(2 * EVERY_MS);
      await work.beforeApplicationShutdown();
      await clock.advance(5 * EVERY_MS);
      expect(work.at).toEqual(expected);
    },
  );

  it('tells a look that fails and goes on', async () => {
    const clock = new VirtualClock(0);
    const away = new Error('away');
    const work = new Looks(clock, [() => Promise.reject(away)]);
    work.onApplicationBootstrap();
    await clock.advance(EVERY_MS);
    await work.beforeApplicationShutdown();
    expect(work.told).toEqual([{ err: away, message: 'not looked; the next look repeats it' }]);
    expect(work.at).toEqual([0, EVERY_MS]);
  });

  it('stops only when the look that is under way has ended', async () => {
    const clock = new VirtualClock(0);
    const looking = Promise.withResolvers<void>();
    const work = new Looks(clock, [() => looking.promise]);
    work.onApplicationBootstrap();
    let stopped = false;
    const stopping = work.beforeApplicationShutdown().then(() => (stopped = true));
    await clock.advance(EVERY_MS);
    expect(stopped).toBe(false);
    looking.resolve();
    await stopping;
    expect(work.at).toEqual([0]);
  });

  it('does steps until one is not full, and none once the service stops', async () => {
    const work = new Looks(new VirtualClock(0));
    expect(await work.steps([10, 10, 3, 10])).toBe(23);
    await work.beforeApplicationShutdown();
    expect(await work.steps([10, 3])).toBe(0);
  });
});
