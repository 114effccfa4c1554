import { describe, expect, it } from '@jest/globals';
import { BelievedTokens } from './believed-tokens.js';

const caller = { subject: 'tester', scopes: new Set(['notes:read']) };

describe('a token that was believed', () => {
  it('is remembered for a minute', () => {
    let now = 0;
    const tokens = new BelievedTokens(() => now);
    tokens.remember('a', caller, 3_600);
    now = 59_999;
    expect(tokens.callerOf('a')).toBe(caller);
    now = 60_000;
    expect(tokens.callerOf('a')).toBeUndefined();
  });

  it('is forgotten when it expires', () => {
    let now = 0;
    const tokens = new BelievedTokens(() => now);
    tokens.remember('a', caller, 10);
    now = 9_999;
    expect(tokens.callerOf('a')).toBe(caller);
    now = 10_000;
    expect(tokens.callerOf('a')).toBeUndefined();
  });

  it('makes room for others, the oldest first', () => {
    const tokens = new BelievedTokens(() => 0, 2);
    for (const token of ['a', 'b', 'c']) tokens.remember(token, caller, 3_600);
    expect(['a', 'b', 'c'].filter((token) => tokens.callerOf(token) !== undefined)).toEqual(['b', 'c']);
  });
});
