import { describe, expect, it } from '@jest/globals';
import { dedent } from './dedent.js';

describe('dedent', () => {
  it('takes away what all lines are indented by, and no more', () => {
    expect(dedent('\n    a\n      / b\n    > 1')).toBe('a\n  / b\n> 1');
  });

  it('leaves a first line that begins beside the backtick', () => {
    expect(dedent('a\n      + b\n      + c')).toBe('a\n+ b\n+ c');
  });

  it('leaves one line as it is', () => {
    expect(dedent('a == 1')).toBe('a == 1');
  });
});
