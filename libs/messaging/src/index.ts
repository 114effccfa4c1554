export {
  completeOptions,
  CONSUMER_DEFAULTS,
  type CompleteConsumerOptions,
  type ConsumerOptions,
  type DeadHeadPolicy,
} from './api/consumer-options.js';
export {
  channelOf,
  OBSERVATION_POINTS,
  type Observation,
  type ObservationPoint,
} from './api/observation-points.js';
export { retryPlan, type RetryDelay, type RetryPlan } from './api/retry-plan.js';
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
  type RecordVisitor,
  type TopicPartition,
} from './ports/broker.port.js';
export { systemClock, type Clock } from './ports/clock.js';
export { ConsumerStore } from './ports/consumer-store.port.js';
export type {
  Acknowledgement,
  BlockedKey,
  DeadCount,
  DeathReason,
  FailedEvent,
  FailureReason,
  FailureRecorded,
  FailureState,
  KnownFailure,
  ParkedPlace,
} from './ports/failure.js';
export type { Claim, EventState, EventStatus, InboxEntry, TakenOver } from './ports/inbox.js';
export type { EndedBlock, HeadWait, ParkedRecord, ParkedRun } from './ports/parking.js';
export type { Armed, ReplayCounts, ReplayResult, ReplayStarted } from './ports/replay-ledger.js';
export type { Transaction } from './ports/transaction.js';
export { createKafkaAdmin, type KafkaAdmin } from './kafka/kafka-admin.js';
export { createKafkaBroker } from './kafka/kafka-broker.js';
export { createKafkaOffsets, type KafkaOffsets, type LogBounds } from './kafka/kafka-offsets.js';
export type { KafkaSettings } from './kafka/kafka-client.js';
export { readRecord, type RecordSearch } from './kafka/read-record.js';
export type { ConsumerCondition } from './runtime/consumer-runtime.js';
export { classifyError, type ErrorClass } from './failure/error-classifier.js';
export { readDeadLetter, type DeadLetterInfo } from './failure/dead-letter-reader.js';
export { RuntimeHeader, SpringHeader } from './failure/header-names.js';
export { KafkaEventServer, type KafkaEventServerSettings } from './runtime/kafka-event-server.js';
export {
  ReplayAbortedError,
  type ReplayEnd,
  type ReplayExample,
  type ReplayReport,
} from './replay/replay-report.js';
export {
  ReplayRequestError,
  type Canary,
  type ReplayFilter,
  type ReplayRequest,
} from './replay/replay-request.js';
export { topologyProblems } from './api/topology-check.js';
