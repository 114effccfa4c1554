import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { FakeOffsets } from './fake-offsets.fixture.js';
import { GroupWatch } from './group-watch.js';

const START = Date.parse('2026-11-26T12:00:00Z');
const DAY_MS = 86_400_000;
const times = { lookMs: 5_000, windowMs: 15_000, allowedAgeMs: 5_000 };

describe('the watch over consumer groups', () => {
  let log: FakeOffsets;
  let clock: VirtualClock;
  let watch: GroupWatch;
  let lines: string[];
  let connections: number;

  beforeEach(() => {
    log = new FakeOffsets('t', 'g');
    [lines, connections] = [[], 0];
    watchOver(0);
  });

  afterEach(() => watch.stop());

  function watchOver(delayMs: number): void {
    clock = new VirtualClock(START);
    const tell = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
    watch = new GroupWatch({
      connect: async () => {
        connections += 1;
        return log;
      },
      watched: [{ group: 'g', topic: 't', retentionMs: 7 * DAY_MS, delayMs }],
      times,
      clock,
      log: { info: tell, warn: tell },
    });
  }

  async function looks(count: number): Promise<void> {
    for (let look = 0; look < count; look += 1) await clock.wake();
  }

  const standing = () => watch.view().standings[0];

  it('counts the lag of a group that never committed from the oldest record that is left', async () => {
    [log.low, log.high] = [40n, 100n];
    log.appendedAt = () => START - DAY_MS;
    watch.start();
    await clock.asleep();
    expect(standing()).toMatchObject({ group: 'g', topic: 't', partition: 0, lag: 60, lostOffsets: 0 });
    expect(Math.abs((standing()?.headAgeSeconds ?? 0) - 86_400)).toBeLessThan(0.06 * 86_400);
    expect((standing()?.retentionLeftSeconds ?? 0) + (standing()?.headAgeSeconds ?? 0)).toBe(7 * 86_400);
  });

  it('asks the brokers for the age of a first record once, and knows it from then on', async () => {
    [log.high, log.position] = [100n, 10n];
    log.appendedAt = () => START - DAY_MS;
    watch.start();
    await clock.asleep();
    const asked = log.questions;
    expect(asked).toBeGreaterThan(0);
    await looks(20);
    expect(log.questions).toBe(asked);
    log.position = 100n;
    await looks(1);
    for (let look = 0; look < 50; look += 1) {
      log.high += 3n;
      await looks(1);
      log.position = log.high - 2n;
    }
    expect(log.questions).toBe(asked);
    expect(standing()?.headAgeSeconds).toBeLessThanOrEqual(10);
  });

  it('calls a group stalled that stands still with members, and well when it moves to the end', async () => {
    [log.high, log.position] = [10n, 10n];
    watch.start();
    await looks(3);
    expect(standing()?.status).toBe('ok');
    log.high = 20n;
    await looks(5);
    expect(standing()).toMatchObject({ status: 'stall', lag: 10 });
    log.position = 20n;
    await looks(1);
    expect(standing()).toMatchObject({ status: 'ok', lag: 0, headAgeSeconds: 0 });
    expect(standing()).not.toHaveProperty('retentionLeftSeconds');
    expect(lines).toEqual([
      'consumer group does not keep up {"group":"g","topic":"t","partitions":{"stall":[0]}}',
      'consumer group keeps up again {"group":"g","topic":"t"}',
    ]);
  });

  it('leaves records alone that wait on a retry topic on purpose', async () => {
    watchOver(60_000);
    [log.high, log.position] = [10n, 10n];
    watch.start();
    await clock.asleep();
    log.high = 11n;
    await looks(12);
    expect(standing()).toMatchObject({ status: 'ok', lag: 1 });
    await looks(5);
    expect(standing()?.status).toBe('stall');
  });

  it('calls a group rewound until it is back where it was, also when that takes longer than the window', async () => {
    [log.high, log.position] = [100n, 100n];
    log.appendedAt = () => START - DAY_MS;
    watch.start();
    await looks(1);
    log.position = 5n;
    await looks(4);
    for (let position = 10n; position < 100n; position += 10n) {
      log.position = position;
      await looks(1);
      expect(standing()?.status).toBe('rewind');
    }
    log.position = 100n;
    await looks(1);
    expect(standing()?.status).toBe('ok');
  });

  it('counts what was deleted before it was committed', async () => {
    [log.low, log.high, log.position] = [70n, 100n, 50n];
    watch.start();
    await clock.asleep();
    expect(standing()).toMatchObject({ lag: 30, lostOffsets: 20 });
  });

  it('sees a topic that was made anew as another one', async () => {
    [log.high, log.position] = [100n, 100n];
    watch.start();
    await looks(2);
    [log.high, log.position] = [7n, 7n];
    await looks(1);
    log.high = 9n;
    await looks(5);
    expect(standing()).toMatchObject({ status: 'stall', lag: 2 });
  });

  it('ages while it cannot look, says so once, and looks on with a new connection', async () => {
    [log.high, log.position] = [10n, 10n];
    watch.start();
    await clock.asleep();
    expect(watch.view().ageSeconds).toBe(0);
    log.away = true;
    await looks(6);
    expect(watch.view().ageSeconds).toBe(30);
    expect(standing()?.lag).toBe(0);
    expect(lines).toEqual(['consumer groups cannot be seen {"problem":"no broker answers"}']);
    log.away = false;
    await looks(1);
    expect(watch.view().ageSeconds).toBe(0);
    expect(connections).toBe(7);
    expect(log.closed).toBe(6);
    expect(lines.at(-1)).toBe('consumer groups are seen again {}');
  });

  it('says nothing of a group over a gap in which it could not look', async () => {
    [log.high, log.position] = [10n, 5n];
    log.appendedAt = () => START - DAY_MS;
    watch.start();
    await looks(3);
    expect(standing()?.status).toBe('stall');
    log.away = true;
    await looks(6);
    log.away = false;
    await looks(1);
    expect(standing()?.status).toBe('ok');
    await looks(3);
    expect(standing()?.status).toBe('stall');
  });
});
