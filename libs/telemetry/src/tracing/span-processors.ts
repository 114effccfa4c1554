import type { Resource } from '@opentelemetry/resources';
import { NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { OtlpSpanProcessor } from './export/otlp-span-processor.js';

/**
 * What the SDK hands spans to: the OTLP exporter when an endpoint is configured, and the further ones. Never
 * nothing, because without a processor the SDK makes spans without ids.
 */
export function spanProcessorsFor(
  endpoint: string | undefined,
  resource: Resource,
  further: readonly SpanProcessor[] = [],
): SpanProcessor[] {
  return [new NoopSpanProcessor(), ...exportersFor(endpoint, resource), ...further];
}

/** Where spans of the process that the resource describes go: to the OTLP/HTTP receiver at the endpoint, or nowhere. */
export function exportersFor(endpoint: string | undefined, resource: Resource): SpanProcessor[] {
  if (endpoint === undefined) return [];
  return [new OtlpSpanProcessor({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, resource })];
}
