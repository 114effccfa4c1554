import {
  MemoryBroker,
  MemoryConsumerStore,
  VirtualClock,
  type MemoryConsumer,
} from '@millrace/testing/runtime';
import { completeOptions, type ConsumerOptions } from '../api/consumer-options.js';
import { ConsumerRuntime } from './consumer-runtime.js';
import { consumerTopics } from './topic-role.js';
import { effectHandler, named, TOPIC, type Behaviour } from './runner.fixture.js';

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

  constructor(partitions = 2) {
    this.broker.createTopic(TOPIC, partitions);
    const { all } = consumerTopics(completeOptions({ group: 'fraud', ordering: 'none' }), [TOPIC]);
    all.filter((name) => name !== TOPIC).forEach((name) => this.broker.createTopic(name, partitions));
  }

  /** A member of the group, started; its join is under way. */
  start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    const handler = effectHandler(() => (name) => {
      this.seen.push(name);
      return this.behave(name);
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
    });
    runtime.start();
    return runtime;
  }

  /** Appends good records named by the prefix and their position. */
  produce(partition: number, count: number, prefix = `p${partition}-`): void {
    for (let index = 0; index < count; index += 1)
      this.broker.append(TOPIC, partition, named(`${prefix}${index}`));
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

  /** The latest client of the source topics that a member made. */
  get client(): MemoryConsumer {
    const client = this.broker.consumers.findLast(({ settings }) => settings.group === 'fraud');
    if (!client) throw new Error('nobody has joined yet');
    return client;
  }
}

/** A promise that the test resolves: a handler that is slow for as long as the test likes. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
