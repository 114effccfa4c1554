import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

/** A span that has ended. */
export type EndedSpan = ReadableSpan;

/** Keeps the spans that end: one of the `spanProcessors` of `startTelemetry`. */
export class SpanCollector implements SpanProcessor {
  /** In the order of their ends; tests empty it by its length. */
  readonly spans: EndedSpan[] = [];

  onStart(): void {}

  onEnd(span: EndedSpan): void {
    this.spans.push(span);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
