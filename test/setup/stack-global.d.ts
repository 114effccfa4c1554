import type { LocalStack } from '@millrace/stack';
import type { ReceivedSpan } from '@millrace/testing/runtime';

declare global {
  /** The one stack of the test run. */
  var stack: LocalStack;
  /** Spans that the fleet exported. */
  var otlp: {
    readonly url: string;
    spansOf(traceId: string): readonly ReceivedSpan[];
    spansLinking(traceId: string): readonly ReceivedSpan[];
  };
}
