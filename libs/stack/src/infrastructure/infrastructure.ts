import type { Secrets } from '../stack/secrets.js';
import type { CompleteOptions } from '../stack/stack-options.js';
import type { StackSession } from '../stack/stack-session.js';

/** What the services stand on, once Postgres and Kafka are ready; Connect may still be starting. */
export interface Infrastructure {
  /** host:port of the broker. */
  readonly kafka: string;
  /** URL of the superuser to the fleet's database. */
  readonly postgres: string;
  readonly connect: string;
  /** Resolves when Connect can take a connector. */
  connectReady(): Promise<void>;
}

/** What brings an infrastructure up. */
export interface InfrastructureRequest {
  readonly options: CompleteOptions;
  readonly session: StackSession;
  readonly secrets: Secrets;
  /** Ports by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** The port of that name; a name without one is a mistake of ours. */
export function portOf(ports: Readonly<Record<string, number>>, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new RangeError(`no port was planned for ${name}`);
  return port;
}
