import { describe, expect, it } from '@jest/globals';
import { withBlock } from './marked-text.js';

const FILE = ['a: 1', '  # <generated things>', '  old: true', '  # </generated things>', 'b: 2', ''].join(
  '\n',
);

describe('a generated block', () => {
  it('takes the place of what lies between its marks, as far indented as they are', () => {
    expect(withBlock(FILE, 'things', 'new: true\n\nand: more\n')).toBe(
      [
        'a: 1',
        '  # <generated things>',
        '  new: true',
        '',
        '  and: more',
        '  # </generated things>',
        'b: 2',
        '',
      ].join('\n'),
    );
  });

  it('is the same when it is put in again', () => {
    const once = withBlock(FILE, 'things', 'new: $1');
    expect(withBlock(once, 'things', 'new: $1')).toBe(once);
    expect(once).toContain('new: $1');
  });

  it.each([
    ['no marks', 'a: 1\n', '0 times'],
    ['no end', 'a: 1\n# <generated things>\n', '0 times'],
    ['marks twice', FILE + FILE, '2 times'],
  ])('is refused in a file with %s', (_, text, problem) => {
    expect(() => withBlock(text, 'things', 'x')).toThrow(problem);
  });
});
