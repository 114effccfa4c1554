import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporter = new InMemorySpanExporter();

/** From now on every span of this process is kept. */
export function collectSpans(): void {
  trace.disable();
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
}

/** Forgets the spans; none is kept any more. */
export function forgetSpans(): void {
  trace.disable();
  exporter.reset();
}

/** Names of the finished spans of a trace, in the order of their ends. */
export function spansOf(traceId: string): readonly string[] {
  return exporter
    .getFinishedSpans()
    .filter((span) => span.spanContext().traceId === traceId)
    .map(({ name }) => name);
}
