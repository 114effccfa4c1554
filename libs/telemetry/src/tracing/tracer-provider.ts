import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { TelemetryConfig } from '../telemetry.config.js';
import { keepingSampler } from './sampler.js';

/** Room for the spans of about two seconds at full load; what does not fit is dropped, never waited for. */
const QUEUE = { maxQueueSize: 16_384, maxExportBatchSize: 1024, scheduledDelayMillis: 1000 } as const;
const EXPORT_TIMEOUT_MS = 5000;

/** Makes the tracer provider: OTLP/HTTP in batches when an endpoint is configured, otherwise spans with ids that go nowhere. */
export function tracerProvider(
  resource: Resource,
  config: Pick<TelemetryConfig, 'tracesEndpoint' | 'samplingRatio'>,
  further: readonly SpanProcessor[],
): TracerProvider {
  return new TracerProvider({
    resource,
    sampler: keepingSampler(config.samplingRatio),
    spanProcessors: [...exportersFor(config.tracesEndpoint), ...further],
  });
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
