import { describe, expect, it } from '@jest/globals';
import { BatchChecksum } from '@millrace/contracts';
import { batchStateOf, type BatchContents } from './batch-state.js';

function contentsOf(ids: string, totalMinor = 100): BatchContents {
  const checksum = BatchChecksum.of(
    ids.split('').map((orderId) => ({ orderId, currency: 'EUR', totalMinor })),
  );
  return { orders: checksum.orders, checksum: checksum.text() };
}

describe('a batch', () => {
  it.each([
    ['open', 'nothing, and nothing was announced', '', null],
    ['open', 'something, and no end', 'abc', null],
    ['complete', 'what was announced', 'abc', 'abc'],
    ['complete', 'nothing, as was announced', '', ''],
    ['incomplete', 'one order less', 'ab', 'abc'],
    ['incomplete', 'nothing at all', '', 'abc'],
    ['contradicting', 'one order more', 'abcd', 'abc'],
    ['contradicting', 'as many orders, but others', 'abd', 'abc'],
    ['contradicting', 'as many orders, one of them twice', 'aab', 'abc'],
    ['contradicting', 'something, where nothing was announced', 'a', ''],
  ])('is %s when there arrived %s', (state, _what, arrived, announced) => {
    expect(batchStateOf(contentsOf(arrived), announced === null ? null : contentsOf(announced))).toBe(state);
  });

  it('is contradicting when its orders cost something else', () => {
    expect(batchStateOf(contentsOf('abc', 100), contentsOf('abc', 101))).toBe('contradicting');
  });
});
