import { SpanKind, type Context } from '@opentelemetry/api';
import { KAFKA, MessagingAttribute } from './messaging-attributes.js';
import { spanTime } from '../span-time.js';
import { startSpan } from '../tracer.js';
import { traceparentOf } from '../traceparent.js';

/** An event that is about to be written to an outbox. */
export interface CreatedEvent {
  /** Event type, for example `order.created`. */
  readonly type: string;
  /** Topic that the event goes to. */
  readonly topic: string;
  /** Record key. */
  readonly key?: string;
}

/** The creation of one event; its context is what every consumer continues. */
export interface CreateSpan {
  /** Value of the outbox column and of the header, always valid: synthesised and unsampled when tracing is off. */
  readonly traceparent: string;
  /** Trace id inside `traceparent`. */
  readonly traceId: string;
  /** Ends the span: the event is made, and the statement that writes it has a span of its own. */
  end(): void;
}

/** Starts the PRODUCER span `create <type>` under the cause of the event, which is never the ambient context. */
export function startCreateSpan(event: CreatedEvent, parent: Context): CreateSpan {
  const span = startSpan(
    `create ${event.type}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        [MessagingAttribute.SYSTEM]: KAFKA,
        [MessagingAttribute.OPERATION_NAME]: 'create',
        [MessagingAttribute.OPERATION_TYPE]: 'create',
        [MessagingAttribute.DESTINATION]: event.topic,
        ...(event.key === undefined ? {} : { [MessagingAttribute.KEY]: event.key }),
      },
    },
    parent,
  );
  const traceparent = traceparentOf(span.spanContext());
  return {
    traceparent,
    traceId: traceparent.slice(3, 35),
    end: () => span.end(spanTime()),
  };
}
