import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';

/** Room for the spans of about two seconds at full load; what does not fit is dropped, never waited for. */
const QUEUE = { maxQueueSize: 16_384, maxExportBatchSize: 1024, scheduledDelayMillis: 1000 } as const;
const EXPORT_TIMEOUT_MS = 5000;

/**
 * What the SDK hands spans to: the OTLP exporter when an endpoint is configured, and the further ones. Never
 * nothing, because without a processor the SDK makes spans without ids.
 */
export function spanProcessorsFor(
  endpoint: string | undefined,
  further: readonly SpanProcessor[] = [],
): SpanProcessor[] {
  return [new NoopSpanProcessor(), ...exportersFor(endpoint), ...further];
}

/** Where spans go: to the OTLP/HTTP receiver at the endpoint, or nowhere. */
export function exportersFor(endpoint: string | undefined): SpanProcessor[] {
  if (endpoint === undefined) return [];
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  return [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS, ...QUEUE })];
}
