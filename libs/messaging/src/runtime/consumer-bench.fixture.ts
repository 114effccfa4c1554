import {
  MemoryBroker,
  MemoryConsumerStore,
  VirtualClock,
  type MemoryConsumer,
} from '@millrace/testing/runtime';
import { completeOptions, CONSUMER_DEFAULTS, type ConsumerOptions } from '../api/consumer-options.js';
import type { EventState } from '../ports/inbox.js';
import { ConsumerRuntime, type ConsumerRuntimeSettings } from './consumer-runtime.js';
import { consumerTopics } from '../partition/topic-role.js';
import { effectHandler, eventIdOf, keyed, named, TOPIC, type Behaviour } from './runner.fixture.js';

/** Members of one group on a broker and a store in memory, with a clock that a test moves. */
export class ConsumerBench {
  readonly clock = new VirtualClock();
  readonly store = new MemoryConsumerStore();
  readonly broker = new MemoryBroker();
  /** What ended the process, as far as the runtime can end it. */
  readonly fatal: unknown[] = [];
  /** Customers in the order in which handlers saw them. */
  readonly seen: string[] = [];
  behave: Behaviour = () => undefined;
  private readonly ids = new Map<string, string>();

  constructor(partitions = 2, retry = CONSUMER_DEFAULTS.retry) {
    this.broker.createTopic(TOPIC, partitions);
    const { all } = consumerTopics(completeOptions({ group: 'fraud', ordering: 'none', retry }), [TOPIC]);
    all.filter((name) => name !== TOPIC).forEach((name) => this.broker.createTopic(name, partitions));
  }

  /** A member of the group, started; its join is under way. A test may put itself between it and its ports. */
  start(
    options: Partial<ConsumerOptions> = {},
    ports: Partial<Pick<ConsumerRuntimeSettings, 'broker' | 'store' | 'clock'>> = {},
  ): ConsumerRuntime {
    const handler = effectHandler(() => (name, context) => {
      this.seen.push(name);
      return this.behave(name, context);
    });
    const runtime = new ConsumerRuntime({
      options: completeOptions({ group: 'fraud', ...options }),
      topics: [TOPIC],
      handlers: new Map([['order.created', handler]]),
      broker: this.broker,
      store: this.store,
      clock: this.clock,
      serviceVersion: '1',
      onFatal: (error) => this.fatal.push(error),
      ...ports,
    });
    runtime.start();
    return runtime;
  }

  /** Appends good records named by the prefix and their position. */
  produce(partition: number, count: number, prefix = `p${partition}-`): void {
    for (let index = 0; index < count; index += 1)
      this.broker.append(TOPIC, partition, named(`${prefix}${index}`));
  }

  /** Appends a record with that key, good unless its bytes are given; the same name is the same event. Gives its id. */
  append(partition: number, key: string | null, name: string, value?: Buffer | null): string {
    const id = this.ids.get(name) ?? eventIdOf(this.ids.size);
    this.ids.set(name, id);
    const record = keyed(key, name, id);
    this.broker.append(TOPIC, partition, value === undefined ? record : { ...record, value });
    return id;
  }

  /** Where the events of these names stand. */
  async states(...names: string[]): Promise<EventState[]> {
    const statuses = await this.store.statesOf(
      'fraud',
      names.map((name) => this.ids.get(name) ?? ''),
    );
    return statuses.map(({ state }) => state);
  }

  /** Dead letters in the order of their publication within a partition: the name of the event and why it died. */
  deadLetters(): string[] {
    const names = new Map([...this.ids].map(([name, id]) => [id, name]));
    return this.broker.records('fraud.order.created.dlq').map(({ headers }) => {
      const name = names.get(String(headers['ce_id'])) ?? 'unknown';
      return `${name} ${String(headers['x-error-reason'])}`;
    });
  }

  /** Stops a member, moving the clock as far as that needs. */
  stop(runtime: ConsumerRuntime): Promise<void> {
    return this.clock.runUntil(runtime.stop());
  }

  /** Committed position of a partition. */
  position(partition: number): number | undefined {
    const position = this.broker.position('fraud', TOPIC, partition);
    return position === undefined ? undefined : Number(position);
  }

  /** The clients of the source topics, in the order in which members made them. */
  get clients(): readonly MemoryConsumer[] {
    return this.broker.consumers.filter(({ settings }) => settings.group === 'fraud');
  }

  /** The latest client of the source topics that a member made. */
  get client(): MemoryConsumer {
    const client = this.clients.at(-1);
    if (!client) throw new Error('nobody has joined yet');
    return client;
  }
}

/** A promise that the test resolves: a handler that is slow for as long as the test likes. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
