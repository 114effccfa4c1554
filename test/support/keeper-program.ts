import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort as freePortOf } from '../../libs/stack/src/ports/free-port.js';

const ROOT = join(import.meta.dirname, '..', '..');

const given = new Set<number>();

/** How a command of the keeper ended. */
export interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

/** Starts a command of the built keeper, told where the run's stack is; its standard output is only kept when it is piped. */
export function startKeeper(
  args: readonly string[],
  environment: Record<string, string> = {},
  output: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [join('apps', 'keeper', 'dist', 'main.js'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', output, 'pipe'],
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      AUTH: 'off',
      ADMIN_DATABASE_URL: stack.postgres,
      DATABASE_URL: stack.urlFor('millrace_keeper'),
      KAFKA_BROKERS: stack.kafka,
      CONNECT_URL: stack.connect,
      CAPTURE_SLOT: stack.environmentOf('order')['CAPTURE_SLOT'] ?? '',
      ...environment,
    },
  });
}

/** Resolves when the command has ended, with what it wrote to its standard error. */
export async function ended(command: ChildProcess): Promise<Ended> {
  const errors = command.stderr ? text(command.stderr) : Promise.resolve('');
  if (command.exitCode === null && command.signalCode === null) await once(command, 'exit');
  return { code: command.exitCode, errors: await errors };
}

/** Ends a command the hard way and waits for it. */
export async function killKeeper(command: ChildProcess): Promise<void> {
  command.kill('SIGKILL');
  await ended(command);
}

/** A port of 127.0.0.1 that is free now, that no other caller was given, and that is none of a stack's or a proxy's. */
export async function freePort(): Promise<string> {
  const port = await freePortOf(given, [15_000, 19_999]);
  given.add(port);
  return String(port);
}
