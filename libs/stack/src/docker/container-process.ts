import { inheritedEnvironment } from '../processes/inherited-environment.js';
import type { ProcessSpec } from '../processes/process-spec.js';
import { docker } from './docker-engine.js';

/** A server of the stack that runs in a container. */
export interface ContainerSpec extends Omit<ProcessSpec, 'launch'> {
  /** Name of the stack: container, volume and network are called after it. */
  readonly stack: string;
  readonly image: string;
  /** Port in the container → port on 127.0.0.1. */
  readonly ports: Readonly<Record<number, number>>;
  /** Folder in the container that a volume keeps; unset: nothing is kept. */
  readonly keeps?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Volume that keeps the data of a stack's server. */
export function volumeName(stack: string, server: string): string {
  return `${stack}-${server}`;
}

/**
 * How to run the container as a process of the stack: `docker run` stays in the foreground, passes signals on and ends
 * with the container, so that supervisor, guardian and logs treat it like any other program.
 */
export function containerProcess(spec: ContainerSpec): ProcessSpec {
  const { stack, image, ports, keeps, environment, args = [], ...process_ } = spec;
  const container = `${stack}-${spec.name}`;
  return {
    ...process_,
    launch: async () => {
      // Whoever kills the command leaves the container, and its name, behind.
      await docker('rm', '--force', '--volumes', container).catch(() => undefined);
      return {
        file: 'docker',
        args: [
          ...['run', '--rm', '--name', container, '--label', `millrace.stack=${stack}`],
          ...['--network', stack, '--network-alias', spec.name],
          ...Object.entries(ports).flatMap(([inside, outside]) => [
            '--publish',
            `127.0.0.1:${outside}:${inside}`,
          ]),
          ...(keeps === undefined ? [] : ['--volume', `${volumeName(stack, spec.name)}:${keeps}`]),
          // Named without their values, which would be seen in the list of processes.
          ...Object.keys(environment).flatMap((name) => ['--env', name]),
          image,
          ...args,
        ],
        env: { ...inheritedEnvironment(process.env, ['DOCKER_']), ...environment },
        cwd: '/',
      };
    },
  };
}
