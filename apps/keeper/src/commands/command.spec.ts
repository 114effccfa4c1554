import { describe, expect, it } from '@jest/globals';
import { commandOf, UsageError } from './command.js';

describe('the arguments of the keeper', () => {
  it.each(['access', 'capture', 'run'] as const)('accept %s', (name) => {
    expect(commandOf([name])).toBe(name);
  });

  it.each([
    ['nothing', [], 'Name a command'],
    ['an unknown command', ['setup'], "There is no command 'setup'"],
    ['a command and more', ['run', '--fast'], "There is no command 'run --fast'"],
    ['a name that every object has', ['toString'], "There is no command 'toString'"],
  ])('refuse %s and list the commands', (_what, given, problem) => {
    expect(() => commandOf(given)).toThrow(UsageError);
    expect(() => commandOf(given)).toThrow(problem);
    expect(() => commandOf(given)).toThrow(/access +roles.*\n.*capture +partitions.*\n.*run +keep/);
  });
});
