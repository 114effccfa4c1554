import { topology } from '@millrace/contracts';
import type { CompleteOptions } from '../stack/stack-options.js';
import type { StackSession } from '../stack/stack-session.js';
import type { FleetPlace } from './fleet-place.js';
import { keeperProcess, serviceProcess } from './fleet-processes.js';
import { setUpFleet } from './fleet-setup.js';
import { replicaNames } from './replica-names.js';

/** Tries of a service that dies before it is ready. */
const ATTEMPTS = 3;

/** The keeper and the services of a stack. */
export class Fleet {
  readonly #started = new Map<string, readonly string[]>();
  #last: Promise<void> = Promise.resolve();
  #ready: Promise<void> | undefined;

  constructor(
    private readonly place: FleetPlace,
    private readonly session: StackSession,
    private readonly options: CompleteOptions,
    private readonly connectReady: () => Promise<void>,
  ) {}

  /** Started service → URLs of its instances. */
  replicas(): Readonly<Record<string, readonly string[]>> {
    const urls = (names: readonly string[]) =>
      names.map((name) => `http://127.0.0.1:${this.place.ports[name]}`);
    const started = topology.flatMap(({ name }) => {
      const instances = this.#started.get(name);
      return instances ? [[name, urls(instances)] as const] : [];
    });
    return Object.fromEntries(started);
  }

  /** Starts services that do not run yet and waits until all of them are ready; one call at a time. */
  start(services: readonly string[]): Promise<void> {
    const next = this.#last.then(() => this.#start(services));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #start(services: readonly string[]): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      // A setup that failed is tried again by the next call: every step of it is idempotent.
      this.#ready = undefined;
      throw error;
    });
    await this.#ready;
    await Promise.all(services.map((service) => this.#startService(service)));
  }

  async #prepare(): Promise<void> {
    const { session, place } = this;
    await setUpFleet(place, session);
    await this.connectReady();
    const keeper = session.supervisor.has('keeper')
      ? session.supervisor.named('keeper')
      : session.supervisor.add(keeperProcess(place, session.log('keeper')));
    await session.steps.run('keeper: connector and partitions', () => keeper.start(ATTEMPTS));
  }

  async #startService(service: string): Promise<void> {
    if (this.#started.has(service)) return;
    const { session, place } = this;
    const instances = replicaNames(service, this.options.scale[service] ?? 1);
    await session.steps.run(service, async () => {
      await Promise.all(
        instances.map((instance) => {
          const known = session.supervisor.has(instance);
          const spec = () => serviceProcess(place, service, instance, session.log(instance));
          const member = known ? session.supervisor.named(instance) : session.supervisor.add(spec());
          return member.start(ATTEMPTS);
        }),
      );
    });
    this.#started.set(service, instances);
  }
}
