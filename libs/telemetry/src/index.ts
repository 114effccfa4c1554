export { ROOT_CONTEXT, type Attributes, type Context } from '@opentelemetry/api';
export type { Logger } from 'pino';
export { serializeError, type LoggedError } from './logging/error-serializer.js';
export { createLogger, logger } from './logging/logger.js';
export { observeCapture, type CaptureMeasures, type OverduePartitions } from './metrics/capture.metrics.js';
export {
  countAttempts,
  countConsumed,
  countDuplicates,
  countOffsetJump,
  observeConsumer,
  recordProcessDuration,
  type AttemptOutcome,
  type ConsumedFrom,
  type ConsumerState,
  type TopicState,
} from './metrics/consumer.metrics.js';
export {
  countDeadLetter,
  DEAD_LETTER_REASONS,
  preregisterDeadLetters,
  type DeadLetterReason,
} from './metrics/dead-letter.metrics.js';
export { recordLatency, type LatencyStage } from './metrics/latency.metrics.js';
export { countOutboxWritten } from './metrics/outbox.metrics.js';
export { METRICS_CONTENT_TYPE } from './metrics/prometheus-text.js';
export {
  countReconciled,
  observeReconciliation,
  type ReconcileMeasures,
} from './metrics/reconcile.metrics.js';
export { countHoldSignal, observeStockDifferences } from './metrics/stock.metrics.js';
export { observeWatch, type PartitionMeasures, type WatchMeasures } from './metrics/watch.metrics.js';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './start-telemetry.js';
export { TelemetryStartedError } from './telemetry.error.js';
export { activeContext, activeTraceId, inSpan, nameRoute, runInContext } from './tracing/active-context.js';
export { startCreateSpan, type CreatedEvent, type CreateSpan } from './tracing/create-span.js';
export { errorType } from './tracing/failed.js';
export {
  startBatchSpan,
  startProcessSpan,
  type ProcessedBatch,
  type ProcessedRecord,
  type ProcessSpan,
} from './tracing/process-span.js';
export { startSendSpan, type SendSpan, type SentDeadLetter } from './tracing/send-span.js';
export {
  contextFromTraceparent,
  traceparentIn,
  traceparentOf,
  type TraceparentHeader,
} from './tracing/traceparent.js';
