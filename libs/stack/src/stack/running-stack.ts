import { databaseUrl, serviceEnvironment } from '../fleet/fleet-environment.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPlace } from '../fleet/fleet-place.js';
import { writeServiceEnvironments } from './service-environments.js';
import type { LocalStack } from './local-stack.js';
import { assertService, type CompleteOptions } from './stack-options.js';
import type { StackSession } from './stack-session.js';
import type { Traces } from '../traces/traces.js';
import { writeScrapeTargets } from './scrape-targets.js';
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
  readonly traces: Traces;
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

  get keeper(): string {
    return `http://127.0.0.1:${this.parts.place.ports['keeper']}`;
  }

  get traces(): string | null {
    return this.parts.traces.url;
  }

  get services(): Readonly<Record<string, string>> {
    const first = Object.entries(this.replicas).map(([service, urls]) => [service, urls[0] ?? ''] as const);
    return Object.fromEntries(first);
  }

  get replicas(): Readonly<Record<string, readonly string[]>> {
    return this.parts.fleet.replicas();
  }

  traceLink(traceId: string): string {
    return this.parts.traces.link(traceId);
  }

  traceNote(traceId: string): string | undefined {
    return this.parts.traces.note(traceId);
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
    const { session, options, traces } = this.parts;
    await Promise.all([this.parts.fleet.start(names), traces.ready()]);
    if (!options.stateFile) return;
    writeServiceEnvironments(session.data(), (service) => this.environmentOf(service));
    // From here on the files follow every process that comes or goes; a process that just died is not named in the state.
    session.onChange = () => {
      writeState(session.directory, this);
      writeScrapeTargets(session.directory, this);
    };
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
}
