import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorText } from './error-text.js';

describe('errorText', () => {
  it('tells class, message and stack', () => {
    const text = errorText(new TypeError('no such field'));
    expect(text).toMatchObject({ errorClass: 'TypeError', errorMessage: 'no such field' });
    expect(text.errorStack).toContain('TypeError: no such field');
  });

  it('leaves out what Postgres puts beside the message', () => {
    const error = Object.assign(new Error('duplicate key'), { detail: 'Key (email)=(ada@example.com)' });
    expect(JSON.stringify(errorText(error))).not.toContain('ada@example.com');
  });

  it('describes a thrown value without quoting it', () => {
    expect(errorText('secret')).toEqual({
      errorClass: 'string',
      errorMessage: 'a value that is no error was thrown',
      errorStack: '',
    });
  });

  it('cuts a long message between characters', () => {
    const { errorMessage } = errorText(new Error(`a${'€'.repeat(1_000)}`));
    expect(errorMessage).toMatch(/^a€+$/);
    expect(Buffer.byteLength(errorMessage)).toBe(1_024);
  });

  it('is bounded, well formed and free of NUL, whatever was thrown', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 4_000 }),
        fc.string({ maxLength: 600 }),
        (message, name) => {
          const error = Object.assign(new Error(`\0${message}\uD800`), { name, stack: message.repeat(8) });
          const { errorClass, errorMessage, errorStack } = errorText(error);
          expect(Buffer.byteLength(errorClass)).toBeLessThanOrEqual(256);
          expect(Buffer.byteLength(errorMessage)).toBeLessThanOrEqual(1_024);
          expect(Buffer.byteLength(errorStack)).toBeLessThanOrEqual(8_192);
          for (const text of [errorClass, errorMessage, errorStack]) {
            expect(text.isWellFormed()).toBe(true);
            expect(text).not.toContain('\0');
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
