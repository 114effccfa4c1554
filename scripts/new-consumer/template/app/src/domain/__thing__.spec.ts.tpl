import { describe, expect, it } from '@jest/globals';
import { newestOf, type {{Thing}} } from './{{thing}}.js';

function told({{key}}: string, moment: number): {{Thing}} {
  return {
    {{key}},
    eventId: `01993f6e-8f2b-7c11-9a54-00000000000${moment}`,
{{sampleFields}}
  };
}

describe('newestOf', () => {
  it('keeps of each {{aggregate}} the event with the highest id, wherever it stands', () => {
    const one = [told('one', 2), told('one', 3), told('one', 1)];
    const other = [told('other', 4)];
    expect(newestOf([...one, ...other])).toEqual([told('one', 3), told('other', 4)]);
  });

  it('keeps the first of two that are the same event', () => {
    const first = told('one', 1);
    expect(newestOf([first, told('one', 1)])[0]).toBe(first);
  });

  it('keeps nothing of nothing', () => {
    expect(newestOf([])).toEqual([]);
  });
});
