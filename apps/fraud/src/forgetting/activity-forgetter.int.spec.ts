import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@millrace/testing/runtime';
import { FraudBench, NOON, placed } from '../fraud-bench.fixture.js';
import { ActivityForgetter } from './activity-forgetter.js';

const DAY = 86_400_000;

let bench: FraudBench;
beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
});
afterAll(() => bench.database.drop());

describe('activity', () => {
  it('is forgotten four weeks after its event time, and kept as long as a window can reach it', async () => {
    await bench.handle([
      placed('c-1', -28 * DAY - 60_000),
      placed('c-2', -28 * DAY + 60_000),
      placed('c-3', 0),
    ]);
    const forgetter = new ActivityForgetter(bench.transactions, new VirtualClock(NOON));
    expect(await forgetter.forget()).toBe(2);
    expect(await forgetter.forget()).toBe(0);
    const left = await bench.rows<{ placed: Date }>('SELECT placed_at AS placed FROM activity ORDER BY 1');
    expect(left.map(({ placed: at }) => at.getTime())).toEqual([NOON - 28 * DAY + 60_000, NOON]);
    expect(await bench.rows('SELECT FROM activity_minute')).toHaveLength(2);
    expect(await bench.rows('SELECT FROM assessment')).toHaveLength(3);
  });

  it('is forgotten in many small steps', async () => {
    await bench.rows(`
      INSERT INTO activity (key, placed_at, total_minor, currency)
      SELECT gen_random_uuid(), '2020-01-01T00:00:00Z', 1, 'EUR' FROM generate_series(1, 12000)`);
    expect(await new ActivityForgetter(bench.transactions, new VirtualClock(NOON)).forget()).toBe(12_000);
  });
});
