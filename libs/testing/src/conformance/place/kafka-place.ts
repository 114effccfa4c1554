import { randomUUID } from 'node:crypto';
import type { TopicSpecification } from '@millrace/contracts';
import {
  createKafkaAdmin,
  createKafkaBroker,
  type Broker,
  type BrokerRecord,
  type ConsumerOptions,
  type OutgoingRecord,
} from '@millrace/messaging';
import { eventually } from '../../eventually.js';
import type { ConformancePlace } from './conformance-place.js';
import { FastClock } from './fast-clock.js';
import { NamespacedBroker } from './namespaced-broker.js';

/** The fleet's retry plan of eleven minutes takes some 5 s. */
const FACTOR = 150;

const LOOKS = { everyMs: 25 };

/** A real broker with topics of this case alone, and a clock that runs fast. */
export class KafkaPlace implements ConformancePlace {
  readonly clock = new FastClock(FACTOR);
  /** What is a matter of servers takes as long as in reality. */
  readonly options: Partial<ConsumerOptions> = {
    sessionTimeoutMs: 10_000 * FACTOR,
    heartbeatIntervalMs: 300 * FACTOR,
    handlerTimeoutMs: 30_000 * FACTOR,
    sharedTimeoutMs: 2_000 * FACTOR,
    drainMs: 25_000 * FACTOR,
    commitIntervalMs: 200 * FACTOR,
    parkedPollMs: 50 * FACTOR,
  };
  private readonly members: NamespacedBroker[] = [];
  private readonly own: NamespacedBroker;

  private constructor(
    private readonly broker: string,
    private readonly namespace: string,
  ) {
    this.own = this.connected();
  }

  /** Makes the topics. */
  static async create(broker: string, topics: readonly TopicSpecification[]): Promise<KafkaPlace> {
    const place = new KafkaPlace(broker, `conformance-${randomUUID().slice(0, 8)}`);
    const admin = await createKafkaAdmin({ clientId: 'conformance', brokers: [broker] });
    try {
      await admin.createTopics(topics.map((topic) => ({ ...topic, name: place.own.outside(topic.name) })));
    } finally {
      await admin.close();
    }
    return place;
  }

  connect(): Broker {
    const member = this.connected();
    this.members.push(member);
    return member;
  }

  append(records: readonly OutgoingRecord[]): Promise<void> {
    return this.own.send(records);
  }

  async records(topic: string): Promise<readonly BrokerRecord[]> {
    const records: BrokerRecord[] = [];
    await this.own.scan(topic, async (record) => {
      records.push(record);
      return 'continue';
    });
    return records;
  }

  kill(): void {
    this.members.forEach((member) => member.kill());
  }

  reach(check: () => void | Promise<void>): Promise<void> {
    return eventually(check, LOOKS);
  }

  pass(milliseconds: number): Promise<void> {
    return this.clock.sleep(milliseconds);
  }

  async finish(work: Promise<unknown>): Promise<void> {
    await work;
    await Promise.all(this.members.map((member) => member.gone()));
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.gone()));
    await this.own.close();
  }

  private connected(): NamespacedBroker {
    const broker = createKafkaBroker({ clientId: 'conformance', brokers: [this.broker] });
    return new NamespacedBroker(broker, this.namespace, FACTOR);
  }
}
