import { describe, expect, it } from '@jest/globals';
import { scramVerifier, verifies } from './scram-verifier.js';

describe('the verifier of a password', () => {
  it('is that of the example of RFC 7677', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt, 4_096)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$' +
        'WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('has a salt of its own each time and verifies its password alone', () => {
    const [one, other] = [scramVerifier('pencil'), scramVerifier('pencil')];
    expect(one).not.toBe(other);
    expect([one, other].map((verifier) => verifies(verifier, 'pencil'))).toEqual([true, true]);
    expect(verifies(one, 'Pencil')).toBe(false);
  });

  it.each([
    ['none', null],
    ['an md5 hash', 'md5a3556571e93b0d20722ba62be61e8c2d'],
    ['a broken one', 'SCRAM-SHA-256$4096:abc'],
  ])('never matches when the server stores %s', (_what, stored) => {
    expect(verifies(stored, 'pencil')).toBe(false);
  });
});
