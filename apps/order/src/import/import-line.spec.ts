import { describe, expect, it } from '@jest/globals';
import { importedOrderId, readLine } from './import-line.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 }],
};
const now = new Date('2026-03-01T02:00:00.000Z');

function read(content: unknown, number = 1) {
  const bytes = Buffer.isBuffer(content)
    ? content
    : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return readLine({ number, bytes }, 'nightly', now);
}

describe('a line of an import', () => {
  it('is the order of its batch and number, whatever it says', () => {
    const order = read({ ...wish, placedAt: '2020-02-29T23:59:59.5+01:00' }, 7);
    expect(order).toMatchObject({
      kind: 'order',
      order: {
        id: importedOrderId('nightly', 7),
        batchId: 'nightly',
        totalMinor: 2_980,
        placedAt: new Date('2020-02-29T22:59:59.500Z'),
      },
    });
    expect(importedOrderId('nightly', 7)).toBe('626b0ff1-4c86-5e0d-9b4a-d2b6dc8b8ed9');
    expect(
      new Set(
        [
          ['a', 1],
          ['a', 11],
          ['a\n1', 1],
          ['b', 1],
        ].map(([batch, line]) => importedOrderId(String(batch), Number(line))),
      ).size,
    ).toBe(4);
  });

  it('was placed now when it does not say', () => {
    expect(read(wish)).toMatchObject({ order: { placedAt: now } });
  });

  it.each(['', '   ', '\t\r'])('is skipped when it is blank: %p', (text) => {
    expect(read(text)).toEqual({ kind: 'blank' });
  });

  it('may end with a carriage return', () => {
    expect(read(`${JSON.stringify(wish)}\r`)).toMatchObject({ kind: 'order' });
  });

  it.each([
    ['text that is no JSON', '{"customerId":', ''],
    ['two values', '{}{}', ''],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), ''],
    ['a value that is no object', '[]', ''],
    ['an unknown field', { ...wish, coupon: 'X' }, '/coupon'],
    ['a prototype', `{"__proto__":{"a":1},${JSON.stringify(wish).slice(1)}`, '/__proto__'],
    ['a missing field', { ...wish, region: undefined }, ''],
    ['a NUL character', { ...wish, customerId: 'a\u0000b' }, '/customerId'],
    ['a lone surrogate', { ...wish, customerId: '\ud83d' }, '/customerId'],
    ['an unknown currency', { ...wish, currency: 'XYZ' }, '/currency'],
    ['an instant that is none', { ...wish, placedAt: 'yesterday' }, '/placedAt'],
    ['a leap second', { ...wish, placedAt: '2016-12-31T23:59:60Z' }, '/placedAt'],
    ['the year 0', { ...wish, placedAt: '0000-06-01T00:00:00Z' }, '/placedAt'],
    ['an id from outside', { ...wish, id: importedOrderId('nightly', 1) }, '/id'],
  ])('is refused with its place: %s', (_what, content, path) => {
    expect(read(content)).toEqual({
      kind: 'refused',
      errors: [{ path, message: expect.stringMatching(/^(must|is) /) }],
    });
  });

  it('is refused when it is too long', () => {
    expect(readLine({ number: 3, bytes: undefined }, 'nightly', now)).toEqual({
      kind: 'refused',
      errors: [{ path: '', message: 'must not be longer than 256 KiB' }],
    });
  });
});
