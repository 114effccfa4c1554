import { describe, expect, it } from '@jest/globals';
import { reasonOf } from './reason-of.js';

describe('the reason of a failure', () => {
  it.each([
    ['its message', new Error('no room'), 'no room'],
    [
      'its code when the message is empty',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'ECONNREFUSED',
    ],
    ['its causes too', new Error('fetch failed', { cause: new Error('reset') }), 'fetch failed: reset'],
    ['not said twice', new Error('refused', { cause: new Error('refused') }), 'refused'],
    ['itself when it is no error', 'broken', 'broken'],
    ['unknown when it says nothing', {}, 'unknown error'],
  ])('is %s', (_what, error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
