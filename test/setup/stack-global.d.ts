import type { LocalStack } from '@millrace/stack';

/** A span as the run's OTLP receiver keeps it. */
interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** `service.name` of its resource. */
  readonly service: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

declare global {
  /** The one stack of the test run. */
  var stack: LocalStack;
  /** Spans that the fleet exported. */
  var otlp: { readonly url: string; spansOf(traceId: string): readonly ReceivedSpan[] };
}
