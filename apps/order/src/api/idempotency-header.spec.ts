import { describe, expect, it } from '@jest/globals';
import { idempotencyKeyOf } from './idempotency-header.js';

function refusalOf(header: unknown, required: boolean): unknown {
  try {
    return idempotencyKeyOf(header, required);
  } catch (error) {
    return error;
  }
}

describe('an Idempotency-Key', () => {
  it('is what the caller chose', () => {
    expect(idempotencyKeyOf('"8e03978e-40d5"', false)).toBe('"8e03978e-40d5"');
    expect(idempotencyKeyOf('x'.repeat(255), true)).toHaveLength(255);
  });

  it('may be absent unless it is required', () => {
    expect(idempotencyKeyOf(undefined, false)).toBeUndefined();
    expect(refusalOf(undefined, true)).toMatchObject({ status: 400, code: 'idempotency-key-missing' });
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['two keys', 'a, b'],
    ['not ASCII', 'schlüssel'],
    ['with a control character', 'a\u0000'],
    ['a list', ['a', 'b']],
  ])('is refused when it is %s', (_what, header) => {
    expect(refusalOf(header, false)).toMatchObject({ status: 400, code: 'idempotency-key-invalid' });
  });
});
