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
  /** DECODE, CONTRACT, FATAL, EXHAUSTED or EXPIRED. */
  errorReason: 'x-error-reason',
  errorClass: 'x-error-class',
  /** At most 1 KiB, without values. */
  errorMessage: 'x-error-message',
  /** At most 8 KiB; dead letters only. */
  errorStack: 'x-error-stack',
  /** Version of the service that failed. */
  serviceVersion: 'x-service-version',
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
  exceptionMessage: 'kafka_dlt-exception-message',
  exceptionStack: 'kafka_dlt-exception-stacktrace',
} as const;
