import { ROOT_CONTEXT, SpanKind, trace, type Context, type Link, type SpanContext } from '@opentelemetry/api';
import { recordSend } from '../../metrics/consumer/client.metrics.js';
import { failed } from '../failed.js';
import { groupAttributes, MessagingAttribute } from './messaging-attributes.js';
import type { ProcessSpan } from './process-span.js';
import { spanTime } from '../span-time.js';
import { startSpan } from '../tracer.js';
import { traceparentIn } from '../traceparent.js';

/** A copy of a record on its way. */
export interface SentCopy {
  readonly group: string;
  /** Topic that it is sent to. */
  readonly topic: string;
  /** Why the record died, for example `DECODE`; absent when it did not. */
  readonly died?: string | undefined;
}

/** The sending of one record. */
export interface SendSpan {
  /** W3C text that names it; null while telemetry is off. */
  readonly traceparent: string | null;
  /** Ends the span and measures it when the broker has acknowledged, or with the error when it has not. */
  end(error?: unknown): void;
}

/**
 * Starts the PRODUCER span `send <topic>` of a record that has failed. It lies in the trace of the event, where people
 * look for it: below the record's process span, or below the creation and linked to the process span when that is a
 * trace of its own. No sampler drops it when the record died.
 */
export function startSendSpan(copy: SentCopy, cause: ProcessSpan): SendSpan {
  const { creation } = cause;
  if (creation === undefined || creation.traceId === cause.traceId) return start(copy, cause.context);
  const process = trace.getSpanContext(cause.context);
  return start(copy, trace.setSpanContext(ROOT_CONTEXT, creation), process);
}

/** Starts the PRODUCER span `send <topic>` of a dead event that is replayed, below the replay and linked to its creation. */
export function startReplaySend(
  copy: SentCopy,
  replay: Context,
  creation: SpanContext | undefined,
): SendSpan {
  return start(copy, replay, creation);
}

function start({ group, topic, died }: SentCopy, parent: Context, linked?: SpanContext): SendSpan {
  const attributes = groupAttributes({ group, topic }, 'send');
  if (died !== undefined) {
    attributes[MessagingAttribute.REASON] = died;
    attributes[MessagingAttribute.KEEP] = true;
  }
  const links: Link[] = linked ? [{ context: linked }] : [];
  const span = startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, links, attributes }, parent);
  const startedAt = performance.now();
  return {
    get traceparent() {
      return traceparentIn(trace.setSpan(ROOT_CONTEXT, span));
    },
    end: (error) => {
      recordSend({ group, topic }, (performance.now() - startedAt) / 1_000, error);
      if (error !== undefined) failed(span, error);
      span.end(spanTime());
    },
  };
}
