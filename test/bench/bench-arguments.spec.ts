import { describe, expect, it } from '@jest/globals';
import { parseBenchArguments } from './bench-arguments.js';

const KNOWN = ['overhead', 'isolation'];

describe('arguments of npm run bench', () => {
  it('mean every benchmark and five pairs when there are none', () => {
    expect(parseBenchArguments([], KNOWN)).toEqual({
      names: KNOWN,
      strict: false,
      profile: false,
      help: false,
      pairs: 5,
    });
  });

  it('choose benchmarks, which run in the order of the list', () => {
    const { names, strict } = parseBenchArguments(['isolation', '--strict', 'overhead'], KNOWN);
    expect(names).toEqual(['overhead', 'isolation']);
    expect(strict).toBe(true);
  });

  it('are refused with the list when a name is unknown', () => {
    expect(() => parseBenchArguments(['overhaed'], KNOWN)).toThrow(
      "There is no benchmark 'overhaed': choose from overhead, isolation.",
    );
  });

  it('are refused with the options when one is unknown', () => {
    expect(() => parseBenchArguments(['--fast'], KNOWN)).toThrow(/--fast.*\n[^]*--strict/);
  });

  it.each(['0', '26', 'many', '1.5'])('are refused with %s pairs', (pairs) => {
    expect(() => parseBenchArguments(['--pairs', pairs], KNOWN)).toThrow('a whole number from 1 to 25');
  });
});
