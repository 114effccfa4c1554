/** Headers that the runtime adds to a record that left the happy path; text, bounded, replaced and never appended. */
export const RuntimeHeader = {
  /** Attempts spent so far. */
  attempt: 'x-attempt',
  /** First failure, RFC 3339. */
  firstFailureAt: 'x-first-failure-at',
  /** Topic that the record was consumed from. */
  originalTopic: 'x-original-topic',
  originalPartition: 'x-original-partition',
  originalOffset: 'x-original-offset',
  /** Timestamp of the original record, milliseconds since the epoch. */
  originalTimestamp: 'x-original-timestamp',
  /** Consumer group that failed. */
  group: 'x-group',
  /** When a retry copy is due, RFC 3339; retry topics only. */
  notBefore: 'x-not-before',
  /** DECODE, CONTRACT, FATAL, EXHAUSTED, EXPIRED or FOLLOWER; RETRYABLE on a retry copy. */
  errorReason: 'x-error-reason',
  errorClass: 'x-error-class',
  /** At most 1 KiB, without values. */
  errorMessage: 'x-error-message',
  /** At most 8 KiB; dead letters only. */
  errorStack: 'x-error-stack',
  /** Version of the service that failed. */
  serviceVersion: 'x-service-version',
  /** W3C text of the span of the attempt that failed, so that the next one can link it. */
  attemptTraceparent: 'x-attempt-traceparent',
  /** Replay that the record was sent by; a dead letter keeps it when the event died again in that replay. */
  replayId: 'x-replay-id',
  /** How often the event was replayed, this time included; a dead letter keeps it, so that the next replay counts on. */
  replayCount: 'x-replay-count',
  /** `true` when outside effects (mails, webhooks) happen in the replay, `false` otherwise; replay topics only. */
  replayOutsideEffects: 'x-replay-outside-effects',
  /** W3C text of the span that sent it; replay topics only. */
  replayTraceparent: 'x-replay-traceparent',
} as const;

/** Headers of a dead letter as Spring for Apache Kafka names them, so that other consoles understand it. */
export const SpringHeader = {
  originalTopic: 'kafka_dlt-original-topic',
  /** 32-bit big-endian integer. */
  originalPartition: 'kafka_dlt-original-partition',
  /** 64-bit big-endian integer. */
  originalOffset: 'kafka_dlt-original-offset',
  /** 64-bit big-endian integer. */
  originalTimestamp: 'kafka_dlt-original-timestamp',
  originalConsumerGroup: 'kafka_dlt-original-consumer-group',
  exceptionClass: 'kafka_dlt-exception-fqcn',
  /** What the listener threw, where Spring has wrapped it; we never write it. */
  exceptionCauseClass: 'kafka_dlt-exception-cause-fqcn',
  exceptionMessage: 'kafka_dlt-exception-message',
  exceptionStack: 'kafka_dlt-exception-stacktrace',
} as const;

/** Headers of a dead letter as Kafka Connect names them: text all of them; read, never written. */
export const ConnectHeader = {
  originalTopic: '__connect.errors.topic',
  originalPartition: '__connect.errors.partition',
  originalOffset: '__connect.errors.offset',
  connectorName: '__connect.errors.connector.name',
  exceptionClass: '__connect.errors.exception.class.name',
  exceptionMessage: '__connect.errors.exception.message',
  exceptionStack: '__connect.errors.exception.stacktrace',
} as const;
