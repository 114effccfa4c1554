import type { TopicSpecification } from '@millrace/contracts';
import type { Broker, BrokerRecord, ConsumerOptions, OutgoingRecord } from '@millrace/messaging';
import { connectionError, MemoryBroker } from '../../memory-broker/memory-broker.js';
import type { VirtualPlace } from './conformance-place.js';
import { LeapingClock, type Patience } from './leaping-clock.js';

/** Turns the log that a member works with into another one; a sabotage for the kit's own tests. */
export type BrokerWrapper = (broker: Broker) => Broker;

/** A log in memory and a clock that leaps. */
export class MemoryPlace implements VirtualPlace {
  readonly clock: LeapingClock;
  /** Rarer polls make fewer leaps; nobody beats while time leaps. */
  readonly options: Partial<ConsumerOptions> = {
    commitIntervalMs: 60_000,
    parkedPollMs: 5_000,
    sessionTimeoutMs: 7_200_000,
  };
  private readonly broker = new MemoryBroker();

  constructor(
    topics: readonly TopicSpecification[],
    busy: () => boolean,
    private readonly wrap: BrokerWrapper = (broker) => broker,
    patience: Patience = {},
  ) {
    this.clock = new LeapingClock(busy, patience);
    topics.forEach(({ name, partitions }) => this.broker.createTopic(name, partitions));
  }

  connect(): Broker {
    return this.wrap(this.broker);
  }

  async append(records: readonly OutgoingRecord[]): Promise<void> {
    for (const { topic, partition = 0, ...record } of records) {
      this.broker.append(topic, partition, { ...record, timestamp: this.clock.now() });
    }
  }

  async records(topic: string): Promise<readonly BrokerRecord[]> {
    return this.broker.records(topic);
  }

  kill(): void {
    this.end(new Error('killed'), false);
  }

  outage(away: boolean): void {
    this.broker.down = away;
    if (away) this.end(connectionError(), true);
  }

  reach(check: () => void | Promise<void>): Promise<void> {
    return this.clock.until(check);
  }

  async finish(work: Promise<unknown>): Promise<void> {
    let done = false;
    const ended = work.finally(() => (done = true));
    ended.catch(() => undefined);
    await this.clock.until(() => {
      if (!done) throw new Error('what is to be finished does not end');
    });
    await ended;
  }

  pass(milliseconds: number): Promise<void> {
    return this.clock.pass(milliseconds);
  }

  async close(): Promise<void> {}

  private end(error: Error, connection: boolean): void {
    for (const consumer of this.broker.consumers) if (consumer.joined) consumer.crash(error, connection);
  }
}
