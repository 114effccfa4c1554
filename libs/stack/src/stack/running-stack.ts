import { databaseUrl, serviceEnvironment } from '../fleet/fleet-environment.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPlace } from '../fleet/fleet-place.js';
import { writeServiceEnvironments } from './service-environments.js';
import type { LocalStack } from './local-stack.js';
import { assertService, type CompleteOptions } from './stack-options.js';
import type { StackSession } from './stack-session.js';
import { writeState } from './state-file.js';

/** What a running stack is made of. */
export interface StackParts {
  readonly options: CompleteOptions;
  readonly session: StackSession;
  readonly place: FleetPlace;
  readonly fleet: Fleet;
  /** Resolves when Connect can take a connector. */
  readonly connectReady: () => Promise<void>;
  /** URL of the mail sink's inbox. */
  readonly mail: string;
}

/** A stack whose Postgres and Kafka are ready. */
export class RunningStack implements LocalStack {
  constructor(private readonly parts: StackParts) {}

  get kafka(): string {
    return this.parts.place.kafka;
  }

  get postgres(): string {
    return this.parts.place.postgres;
  }

  get connect(): string {
    return this.parts.place.connect;
  }

  get mail(): string {
    return this.parts.mail;
  }

  get traces(): string | null {
    return this.#environment()['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? null;
  }

  get services(): Readonly<Record<string, string>> {
    const first = Object.entries(this.replicas).map(([service, urls]) => [service, urls[0] ?? ''] as const);
    return Object.fromEntries(first);
  }

  get replicas(): Readonly<Record<string, readonly string[]>> {
    return this.parts.fleet.replicas();
  }

  processes(): Record<string, number> {
    return this.parts.session.supervisor.living();
  }

  urlFor(role: string): string {
    return databaseUrl(this.parts.place, role);
  }

  kafkaLogin(principal: string): { username: string; password: string } | undefined {
    const { secured, secrets } = this.parts.place;
    const password = secrets.principals[principal];
    return secured && password !== undefined ? { username: principal, password } : undefined;
  }

  environmentOf(service: string): Record<string, string> {
    assertService(service);
    return serviceEnvironment(this.parts.place, service);
  }

  async startServices(names: readonly string[] = this.parts.options.services): Promise<void> {
    names.forEach(assertService);
    const { session, options } = this.parts;
    await this.parts.fleet.start(names);
    if (!options.stateFile) return;
    writeServiceEnvironments(session.data(), (service) => this.environmentOf(service));
    // From here on the file follows every process that comes or goes; a process that just died is not named in it.
    session.onChange = () => writeState(session.directory, this);
    session.onChange();
  }

  stop(name: string): Promise<void> {
    return this.parts.session.supervisor.named(name).stop();
  }

  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    return this.parts.session.supervisor.named(name).kill(signal);
  }

  start(name: string): Promise<void> {
    return this.parts.session.supervisor.named(name).start();
  }

  ready(name: string): Promise<void> {
    return name === 'connect' ? this.parts.connectReady() : this.parts.session.supervisor.named(name).ready();
  }

  close(): Promise<void> {
    return this.parts.session.close();
  }

  #environment(): Readonly<Record<string, string | undefined>> {
    return { ...process.env, ...this.parts.options.environment };
  }
}
