import { describe, expect, it } from '@jest/globals';
import { PartitionWatch } from './partition-watch.js';
import { RECORDED_SERIES } from './recorded-series.fixture.js';

const times = { lookMs: 5_000, windowMs: 15_000, allowedAgeMs: 5_000 };

describe('recorded series of offsets', () => {
  it.each(Object.entries(RECORDED_SERIES))(
    'of a group that was %s are judged look by look',
    (_name, looks) => {
      const watch = new PartitionWatch(times, 0);
      const statuses = looks.map(([seconds, committed, high, headAge, members]) =>
        watch.judge(
          {
            ...{ at: seconds * 1_000, committed: BigInt(committed), lag: Math.max(0, high - committed) },
            ...{ headAgeMs: headAge * 1_000, members },
          },
          BigInt(high),
        ),
      );
      expect(statuses).toEqual(looks.map(([, , , , , status]) => status));
    },
  );
});
