export {
  completeOptions,
  type CompleteConsumerOptions,
  type ConsumerOptions,
} from './api/consumer-options.js';
export { ConsumerDefinitionError, DecodeError, FatalError, RetryableError } from './api/errors.js';
export type { EventBatch, ReceivedEvent } from './api/event-batch.js';
export {
  consumerOptionsOf,
  EventConsumer,
  MILLRACE,
  OnEachEvent,
  OnEvent,
  type HandlerExtras,
} from './api/event-consumer.decorator.js';
export { EventContext } from './api/event-context.js';
export {
  Broker,
  type BrokerConsumer,
  type BrokerRecord,
  type ConsumerListener,
  type ConsumerSettings,
  type FetchedRecords,
  type HeaderValue,
  type OutgoingRecord,
  type Position,
  type TopicPartition,
} from './ports/broker.port.js';
export { systemClock, type Clock } from './ports/clock.js';
export {
  ConsumerStore,
  type Claim,
  type DeathReason,
  type EventState,
  type EventStatus,
  type FailedEvent,
  type FailureRecorded,
  type FailureState,
  type InboxEntry,
  type KnownFailure,
} from './ports/consumer-store.port.js';
export type { Transaction } from './ports/transaction.js';
export { createKafkaAdmin, type KafkaAdmin } from './kafka/kafka-admin.js';
export { createKafkaBroker } from './kafka/kafka-broker.js';
export type { KafkaSettings } from './kafka/kafka-client.js';
export { readRecord, type RecordSearch } from './kafka/read-record.js';
export type { ConsumerCondition } from './runtime/consumer-runtime.js';
export { classifyError, type ErrorClass } from './failure/error-classifier.js';
export { RuntimeHeader, SpringHeader } from './failure/header-names.js';
export { KafkaEventServer, type KafkaEventServerSettings } from './runtime/kafka-event-server.js';
