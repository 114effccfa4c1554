import { describe, expect, it } from '@jest/globals';
import { invocationOf, UsageError } from './command.js';

describe('the arguments of the keeper', () => {
  it.each(['secrets', 'access', 'capture', 'run', 'reconcile', 'recover'] as const)('accept %s', (name) => {
    expect(invocationOf([name])).toEqual({ command: name, force: false });
  });

  it('accept recover with --force', () => {
    expect(invocationOf(['recover', '--force'])).toEqual({ command: 'recover', force: true });
  });

  it.each([
    ['nothing', [], 'Name a command'],
    ['an unknown command', ['setup'], "There is no command 'setup'"],
    ['a command and more', ['run', '--fast'], "There is no command 'run --fast'"],
    ['a name that every object has', ['toString'], "There is no command 'toString'"],
  ])('refuse %s and list the commands', (_what, given, problem) => {
    expect(() => invocationOf(given)).toThrow(UsageError);
    expect(() => invocationOf(given)).toThrow(problem);
    expect(() => invocationOf(given)).toThrow(
      /secrets +a password.*\n.*access +roles.*\n.*capture +partitions.*\n.*run +keep.*\n.*reconcile +compare.*\n.*recover +after/,
    );
  });
});
