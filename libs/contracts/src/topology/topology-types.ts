import type { EventDefinition } from '../event-definition.js';
import type { Quotas } from './access/principal-types.js';

/** What must stay in order within a consumer group: nothing, the events of a key, or a whole partition. */
export type Ordering = 'none' | 'key' | 'partition';

/** A topic that a service owns and alone writes to. */
export interface OwnedTopic {
  readonly name: string;
  /** Contracts that it carries. */
  readonly events: readonly EventDefinition[];
  readonly partitions: number;
  /** How long records are kept, in milliseconds. */
  readonly retentionMs: number;
}

/** A topic that a group reads in no order: what fails waits on retry topics, one per delay. */
export interface UnorderedSubscription {
  readonly topic: string;
  readonly ordering: 'none';
  /** Delays such as `5s` or `1m`, shortest first, as the consumer's retry plan names them. @default 5s, 1m, 10m */
  readonly retryDelays?: readonly string[];
}

/** A topic that a group reads in order: what fails waits in the service's database, so there are no retry topics. */
export interface OrderedSubscription {
  readonly topic: string;
  readonly ordering: Exclude<Ordering, 'none'>;
}

/** A topic that a service's group reads. */
export type Subscription = UnorderedSubscription | OrderedSubscription;

/** Everything the fleet must know of one service: what it owns, what it reads, where it listens. */
export interface ServiceTopology {
  /** Service name: also its consumer group, its metrics' service.name and the last part of `ce_source`. */
  readonly name: string;
  /** Preferred HTTP port on the local stack. */
  readonly port: number;
  /** Topics that it produces through its outbox; a service without any has no outbox. */
  readonly produces: readonly OwnedTopic[];
  readonly consumes: readonly Subscription[];
  /** What it may take of a broker, where the defaults do not fit. @default `SERVICE_QUOTAS` */
  readonly quotas?: Partial<Quotas>;
}

/**
 * What a topic is for: events of a service; or, beside it, a group's events that wait for another try, that are dead,
 * or that are replayed to it.
 */
export type TopicKind = 'domain' | 'retry' | 'dead-letter' | 'replay';

/** A topic as it must exist on the broker. */
export interface TopicSpecification {
  readonly name: string;
  readonly owner: string;
  readonly kind: TopicKind;
  readonly partitions: number;
  readonly retentionMs: number;
  /** Largest record in bytes; unset means the broker's default. */
  readonly maxMessageBytes?: number;
}
