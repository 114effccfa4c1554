/** What the keeper can be told to do. */
export const COMMANDS = {
  secrets: 'a password for every role, and a file for each reader',
  access: 'roles, schemas and access rules, before the migrations of the services',
  capture: 'partitions, publication, slot and topics, after the migrations',
  run: 'keep connector, slot and partitions well and watch the consumers, until stopped',
  reconcile: 'compare outboxes and inboxes once; fails when an event is missing or extra',
  recover: 'after a lost slot: a new one, and everything that was not captured',
} as const;

/** Name of one of the commands. */
export type Command = keyof typeof COMMANDS;

/** The arguments name no command; the message lists the commands. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(given: readonly string[]) {
    const lines = Object.entries(COMMANDS).map(([name, what]) => `  ${name.padEnd(9)} ${what}`);
    const problem = given.length === 0 ? 'Name a command' : `There is no command '${given.join(' ')}'`;
    super(
      `${problem}: node apps/keeper/dist/main.js secrets|access|capture|run|reconcile|recover [--force]\n${lines.join('\n')}`,
    );
    this.name = 'UsageError';
  }
}

/** A command and whether it is told to act although nothing asks for it. */
export interface Invocation {
  readonly command: Command;
  readonly force: boolean;
}

/** What the arguments ask for; throws `UsageError` unless they are one command, `recover` perhaps with `--force`. */
export function invocationOf(given: readonly string[]): Invocation {
  const [name, ...more] = given;
  const force = name === 'recover' && more.length === 1 && more[0] === '--force';
  if (name !== undefined && (more.length === 0 || force) && isCommand(name)) return { command: name, force };
  throw new UsageError(given);
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(COMMANDS, name);
}
