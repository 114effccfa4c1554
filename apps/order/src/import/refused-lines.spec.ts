import { expect, it } from '@jest/globals';
import { RefusedLines } from './refused-lines.js';

it('refused lines are listed by number up to a limit, and all of them counted', () => {
  const refused = new RefusedLines(2);
  const errors = [{ path: '', message: 'must be JSON text' }];
  refused.add(9, errors);
  expect(refused.cut).toBe(false);
  refused.add(3, errors);
  refused.add(12, errors);
  expect(refused.count).toBe(3);
  expect(refused.cut).toBe(true);
  expect(refused.list()).toEqual([
    { line: 3, errors },
    { line: 9, errors },
  ]);
});
