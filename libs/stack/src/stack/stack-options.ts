import { join } from 'node:path';
import { topology } from '@millrace/contracts';
import { StackError } from '../stack.error.js';

/** Where the parts of the stack come from. */
export type StackMode = 'embedded' | 'docker' | 'external';

/** How to run a stack; everything but `root` has a default. */
export interface StackOptions {
  /** `embedded`: Postgres from npm, Kafka and Connect on this machine's Java. `docker`: all three in containers. `external`: the EXTERNAL_… variables. @default embedded */
  readonly mode?: StackMode;
  /** Folder of the checkout. */
  readonly root: string;
  /** Folder for data, logs and the run file. @default <root>/.millrace */
  readonly directory?: string;
  /** `preferred`: the documented ports where they are free; `free`: any. @default preferred */
  readonly ports?: 'preferred' | 'free';
  /** Forgets the data of earlier runs. @default false */
  readonly fresh?: boolean;
  /** Services that `startServices` starts when it is given none. @default all of the topology */
  readonly services?: readonly string[];
  /** Instances of a service. @default 1 each */
  readonly scale?: Readonly<Record<string, number>>;
  /** Replication slot; unique per Postgres server. @default millrace */
  readonly slot?: string;
  /** Variables added to every service and the keeper, such as OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Brokers ask who calls and allow what the topology says, from a fresh data folder on. @default false */
  readonly secured?: boolean;
  /** Told in a few words what is ready and what is being waited for. */
  readonly onProgress?: (step: string) => void;
  /** Writes `stack.json` once the services are ready. @default true */
  readonly stateFile?: boolean;
  /** Ends everything when it fires, also half-way through a start. */
  readonly signal?: AbortSignal;
}

/** Options in which nothing is left open. */
export type CompleteOptions = Required<Omit<StackOptions, 'signal'>> & Pick<StackOptions, 'signal'>;

/** Fills in the defaults; throws `StackError` OPTIONS for what cannot be run. */
export function completeStackOptions(options: StackOptions): CompleteOptions {
  const complete: CompleteOptions = {
    mode: 'embedded',
    directory: join(options.root, '.millrace'),
    ports: 'preferred',
    fresh: false,
    services: topology.map(({ name }) => name),
    scale: {},
    slot: 'millrace',
    environment: {},
    secured: false,
    onProgress: () => undefined,
    stateFile: true,
    ...options,
  };
  if (complete.secured && complete.mode !== 'embedded') {
    throw new StackError('OPTIONS', 'Only the embedded stack can be secured: leave --stack out.');
  }
  for (const name of [...complete.services, ...Object.keys(complete.scale)]) assertService(name);
  for (const [name, instances] of Object.entries(complete.scale)) assertInstances(name, instances);
  return complete;
}

/** Throws `StackError` OPTIONS unless the topology has that service. */
export function assertService(name: string): void {
  if (topology.some((service) => service.name === name)) return;
  const names = topology.map((service) => service.name).join(', ');
  throw new StackError('OPTIONS', `There is no service '${name}': choose one of ${names}.`);
}

function assertInstances(name: string, instances: number): void {
  if (Number.isInteger(instances) && instances >= 1 && instances <= 16) return;
  throw new StackError('OPTIONS', `${name} cannot run ${instances} times: say a whole number from 1 to 16.`);
}
