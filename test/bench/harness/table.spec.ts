import { expect, it } from '@jest/globals';
import { rowOf } from './comparison.js';
import { tableOf } from './table.js';

it('a table shows medians, spreads, ratio and target, and marks what was missed', () => {
  const title = { unit: 'events/s', better: 'higher', peerName: 'bare' } as const;
  const table = tableOf({
    rows: [
      rowOf({ ...title, what: 'drain', target: 0.95 }, [9_000, 10_000, 11_000], [20_000, 20_000, 20_000]),
      rowOf({ ...title, what: 'for information' }, [1.5], [3]),
      rowOf(
        { ...title, what: 'by itself', unit: 'ms', better: 'lower', peerName: '', limit: 20 },
        [21],
        null,
      ),
    ],
    notes: ['held equal: everything'],
  });
  expect(table.split('\n')).toEqual([
    'what             unit      ours         peer        compared with  ratio  target   met',
    '---------------  --------  -----------  ----------  -------------  -----  -------  ---',
    'drain            events/s  10,000 ±10%  20,000 ±0%  bare           0.500  ≥ 0.95   NO',
    'for information  events/s  1.50         3.00        bare           0.500',
    'by itself        ms        21.0                                           ≤ 20 ms  NO',
    '  held equal: everything',
  ]);
});
