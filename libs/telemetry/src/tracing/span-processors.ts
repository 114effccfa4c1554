import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { TraceReceiver } from '../telemetry.config.js';
import { OtlpSpanProcessor } from './export/otlp-span-processor.js';

/** Room for the spans of about two seconds at full load; what does not fit is dropped, never waited for. */
const QUEUE = { maxQueueSize: 16_384, maxExportBatchSize: 1024, scheduledDelayMillis: 1000 } as const;
const EXPORT_TIMEOUT_MS = 5000;

/**
 * What the SDK hands spans to: the exporter to the receiver when there is one, and the further processors. Never
 * nothing, because without a processor the SDK makes spans without ids.
 */
export function spanProcessorsFor(
  receiver: TraceReceiver | undefined,
  resource: Resource,
  further: readonly SpanProcessor[] = [],
): SpanProcessor[] {
  const processors = [...exportersFor(receiver, resource), ...further];
  return processors.length === 0 ? [new NoopSpanProcessor()] : processors;
}

/** Where spans of the process that the resource describes go: to the receiver, or nowhere. */
export function exportersFor(receiver: TraceReceiver | undefined, resource: Resource): SpanProcessor[] {
  if (receiver === undefined) return [];
  const { form, url } = receiver;
  if (form === 'otlp') return [new OtlpSpanProcessor({ url, resource })];
  const exporter = new ZipkinExporter({ url });
  return [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS, ...QUEUE })];
}
