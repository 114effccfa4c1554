import { describe, expect, it } from '@jest/globals';
import { jsonFlaw } from './json-flaw.js';

describe('the flaw of a text that is no JSON', () => {
  it.each([
    ['a word', '{"a": [1, oops]}', 'line 1, column 11: is no JSON here'],
    ['a comma at the end', '{\n "a": 1,\n}', 'line 3, column 1: is no JSON here'],
    ['a missing comma', '[1\n 2]', 'line 2, column 2: is no JSON here'],
    ['a name without quotes', '{a: 1}', 'line 1, column 2: is no JSON here'],
    ['more than one value', '{} {}', 'line 1, column 4: is no JSON here'],
    ['nothing', '', 'line 1, column 1: ends too early'],
    ['an open bracket', '{"a": {\n', 'line 2, column 1: ends too early'],
  ])('is found: %s', (_what, text, place) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(jsonFlaw(text)).toBe(place);
  });

  it('is not within what a value may hold', () => {
    const text = '[{"a\\"\\u00e4": [-1.5e+3, true, null, {}, []]}, "x" !';
    expect(jsonFlaw(text)).toBe(`line 1, column ${text.length}: is no JSON here`);
  });
});
