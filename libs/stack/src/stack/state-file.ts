import { join } from 'node:path';
import { readJson, writeJson } from '../guard/json-file.js';
import type { LocalStack } from './local-stack.js';

/** Content of `stack.json`: where the running stack is. It holds the superuser's URL, so it is for this user only. */
export interface StackState extends Announced {
  readonly processes: Readonly<Record<string, number>>;
}

type Announced = Pick<
  LocalStack,
  'kafka' | 'postgres' | 'connect' | 'keeper' | 'traces' | 'mail' | 'services' | 'replicas'
>;

/** Writes `stack.json` into the stack's directory, replacing it as a whole. */
export function writeState(directory: string, stack: Announced & Pick<LocalStack, 'processes'>): void {
  const { kafka, postgres, connect, keeper, traces, mail, services, replicas } = stack;
  const state = {
    kafka,
    postgres,
    connect,
    keeper,
    traces,
    mail,
    services,
    replicas,
    processes: stack.processes(),
  };
  writeJson(join(directory, 'stack.json'), state satisfies StackState);
}

/** The running stack of a directory; undefined when none is announced there. */
export function readState(directory: string): StackState | undefined {
  return readJson<StackState>(join(directory, 'stack.json'));
}
