/** What the keeper can be told to do. */
export const COMMANDS = {
  access: 'roles and schemas, before the migrations of the services',
  capture: 'partitions, publication, slot and topics, after the migrations',
  run: 'keep the connector running and the partitions ahead, until stopped',
} as const;

/** Name of one of the commands. */
export type Command = keyof typeof COMMANDS;

/** The arguments name no command; the message lists the commands. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(given: readonly string[]) {
    const lines = Object.entries(COMMANDS).map(([name, what]) => `  ${name.padEnd(8)} ${what}`);
    const problem = given.length === 0 ? 'Name a command' : `There is no command '${given.join(' ')}'`;
    super(`${problem}: node apps/keeper/dist/main.js access|capture|run\n${lines.join('\n')}`);
    this.name = 'UsageError';
  }
}

/** The command that the arguments name; throws `UsageError` unless they are exactly one. */
export function commandOf(given: readonly string[]): Command {
  const [name, ...more] = given;
  if (name !== undefined && more.length === 0 && isCommand(name)) return name;
  throw new UsageError(given);
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(COMMANDS, name);
}
