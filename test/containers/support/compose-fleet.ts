import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { topology } from '@millrace/contracts';
import { freePort } from '../../../libs/stack/src/ports/free-port.js';
import type { OrderFleet } from '../../support/order-flow.js';
import { inspect, type Container } from './container.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** What docker-compose.yml publishes beside the services, by the prefix of its variable. */
const PUBLISHED = ['POSTGRES', 'KAFKA', 'CONNECT', 'JAEGER', 'MAIL'] as const;

/** The fleet of docker-compose.yml as a project of its own, on free ports. */
export class ComposeFleet {
  private constructor(
    readonly project: string,
    private readonly ports: Readonly<Record<string, string>>,
  ) {}

  /** Chooses free ports; the project is called after the checkout. Nothing is started. */
  static async plan(): Promise<ComposeFleet> {
    const project = `millrace-test-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`;
    const taken = new Set<number>();
    const names = [...PUBLISHED, ...topology.map(({ name }) => variableOf(name))];
    const ports: Record<string, string> = {};
    for (const name of names) {
      const port = await freePort(taken);
      taken.add(port);
      ports[`${name}_PORT`] = String(port);
    }
    return new ComposeFleet(project, ports);
  }

  /** Runs a compose command on the project and gives what it printed; throws with what it said on stderr. */
  async compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', this.#arguments(args), {
      cwd: ROOT,
      env: { ...process.env, ...this.ports },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  /** Builds what has changed and starts everything; resolves when all of it is healthy. */
  async up(): Promise<void> {
    await this.compose('up', '--detach', '--build', '--wait', '--wait-timeout', '300', '--pull', 'missing');
  }

  /** Ends the containers and forgets their data. */
  async remove(): Promise<void> {
    await this.compose('--profile', '*', 'down', '--volumes', '--timeout', '5');
  }

  /** Every container of the project, also those that have ended. */
  async containers(): Promise<Container[]> {
    const ids = (await this.compose('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
    return inspect(ids);
  }

  /** Service → URL on this machine. */
  get services(): Readonly<Record<string, string>> {
    const pairs = topology.map(({ name }) => [name, this.#http(variableOf(name))] as const);
    return Object.fromEntries(pairs);
  }

  get connect(): string {
    return this.#http('CONNECT');
  }

  get traces(): string {
    return this.#http('JAEGER');
  }

  /** What the tests of one order need; asks Postgres for its password, which only it and the setup know. */
  async orderFleet(): Promise<OrderFleet> {
    const password = await this.compose(
      'exec',
      '-T',
      'postgres',
      'bash',
      '-c',
      'printf %s "$POSTGRES_PASSWORD"',
    );
    const server = `127.0.0.1:${this.ports['POSTGRES_PORT']}`;
    const consumer = ['exec', '-T', 'kafka', '/opt/kafka/bin/kafka-console-consumer.sh'];
    return {
      services: this.services,
      mail: this.#http('MAIL'),
      postgres: `postgres://postgres:${password}@${server}/millrace`,
      console: { command: ['docker', ...this.#arguments(consumer)], brokers: 'kafka.fleet:9092' },
    };
  }

  #arguments(args: readonly string[]): string[] {
    return ['compose', '--project-name', this.project, '--project-directory', ROOT, ...args];
  }

  #http(name: string): string {
    return `http://127.0.0.1:${this.ports[`${name}_PORT`]}`;
  }
}

function variableOf(service: string): string {
  return service.replaceAll('-', '_').toUpperCase();
}
