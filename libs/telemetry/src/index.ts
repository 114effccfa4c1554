export { ROOT_CONTEXT, type Attributes, type Context } from '@opentelemetry/api';
export type { Logger } from 'pino';
export { serializeError, type LoggedError } from './logging/error-serializer.js';
export { createLogger, logger } from './logging/logger.js';
export {
  observeCapture,
  type CaptureMeasures,
  type ConnectorMeasures,
  type OverduePartitions,
} from './metrics/capture.metrics.js';
export { METRICS, type MetricName } from './metrics/catalogue.js';
export {
  countConsumed,
  recordCommit,
  recordPoll,
  recordProcessDuration,
  recordSend,
} from './metrics/consumer/client.metrics.js';
export {
  countAttempts,
  countDuplicates,
  countOffsetJump,
  countRebalance,
  observeConsumer,
  preregisterConsumer,
  type AttemptOutcome,
  type ConsumedFrom,
  type ConsumerState,
  type TopicState,
} from './metrics/consumer/consumer.metrics.js';
export {
  countUnknownEnum,
  countVersion,
  countViolation,
  preregisterContracts,
} from './metrics/consumer/contract.metrics.js';
export {
  countDeadLetter,
  countReplay,
  countRetry,
  observeDeadEvents,
  DEAD_LETTER_REASONS,
  preregisterFailures,
  type DeadEvents,
  type DeadLetterReason,
} from './metrics/consumer/dead-letter.metrics.js';
export {
  recordLatency,
  recordPhase,
  type BatchPhase,
  type LatencyStage,
} from './metrics/consumer/latency.metrics.js';
export {
  prometheusLabels,
  prometheusName,
  prometheusNames,
  type Metric,
  type MetricKind,
} from './metrics/metric.js';
export { countOutboxWritten, preregisterOutbox } from './metrics/outbox.metrics.js';
export { observeDrain } from './metrics/runtime.metrics.js';
export { countHoldSignal, observeStockDifferences } from './metrics/stock.metrics.js';
export { METRICS_CONTENT_TYPE } from './scrape/prometheus-text.js';
export {
  countReconciled,
  observeReconciliation,
  type ReconcileMeasures,
} from './metrics/reconcile.metrics.js';
export { observeWatch, type PartitionMeasures, type WatchMeasures } from './metrics/watch.metrics.js';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './start-telemetry.js';
export { TelemetryStartedError } from './telemetry.error.js';
export { activeContext, activeTraceId, inSpan, runInContext } from './tracing/active-context.js';
export { drawBatch, type ProcessedBatch } from './tracing/messaging/batch-span.js';
export { startCreateSpan, type CreatedEvent, type CreateSpan } from './tracing/messaging/create-span.js';
export { errorType } from './tracing/failed.js';
export {
  startProcessSpan,
  type ProcessedRecord,
  type ProcessSpan,
} from './tracing/messaging/process-span.js';
export { startReplaySpan, type ReplaySpan } from './tracing/messaging/replay-span.js';
export { startSendSpan, type SendSpan, type SentCopy } from './tracing/messaging/send-span.js';
export { startServerSpan, type ServedRequest, type ServerSpan } from './tracing/server-span.js';
export { startStatementSpan, type StatementSpan } from './tracing/statement-span.js';
export type { EventWay } from './tracing/messaging/way-spans.js';
export {
  contextFromTraceparent,
  traceparentIn,
  traceparentOf,
  type TraceparentHeader,
} from './tracing/traceparent.js';
