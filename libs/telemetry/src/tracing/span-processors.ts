import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TraceReceiver } from '../telemetry.config.js';

/** Room for the spans of about two seconds at full load; what does not fit is dropped, never waited for. */
const QUEUE = { maxQueueSize: 16_384, maxExportBatchSize: 1024, scheduledDelayMillis: 1000 } as const;
const EXPORT_TIMEOUT_MS = 5000;

/**
 * What the SDK hands spans to: the exporter to the receiver when there is one, and the further processors. Never
 * nothing, because without a processor the SDK makes spans without ids.
 */
export function spanProcessorsFor(
  receiver: TraceReceiver | undefined,
  further: readonly SpanProcessor[] = [],
): SpanProcessor[] {
  return [new NoopSpanProcessor(), ...exportersFor(receiver), ...further];
}

/** Where spans go: to the receiver, or nowhere. */
export function exportersFor(receiver: TraceReceiver | undefined): SpanProcessor[] {
  if (receiver === undefined) return [];
  const exporter = exporterTo(receiver);
  return [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS, ...QUEUE })];
}

function exporterTo({ form, url }: TraceReceiver): SpanExporter {
  return form === 'zipkin'
    ? new ZipkinExporter({ url })
    : new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
}
