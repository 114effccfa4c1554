import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { failed } from '../failed.js';
import { groupAttributes, MessagingAttribute } from './messaging-attributes.js';
import { startReplaySend, type SendSpan } from './send-span.js';
import { spanTime } from '../span-time.js';
import { startSpan } from '../tracer.js';
import { spanContextFrom, type TraceparentHeader } from '../traceparent.js';

/** A replay that begins. */
export interface BegunReplay {
  readonly group: string;
  /** Source topic whose dead events are replayed. */
  readonly topic: string;
  readonly replayId: string;
}

/** One replay, from its beginning to its end. */
export interface ReplaySpan {
  /** Starts the sending of one event to a topic; the header names the creation of the event. */
  send(topic: string, creation: TraceparentHeader): SendSpan;
  /** Ends the span; an error marks it as failed. */
  end(error?: unknown): void;
}

/** Starts the span `replay`, a root, because a replay belongs to no event; no sampler drops it. */
export function startReplaySpan({ group, topic, replayId }: BegunReplay): ReplaySpan {
  const attributes = groupAttributes({ group, topic }, 'replay');
  attributes[MessagingAttribute.REPLAY_ID] = replayId;
  attributes[MessagingAttribute.KEEP] = true;
  const span = startSpan('replay', { kind: SpanKind.INTERNAL, attributes }, ROOT_CONTEXT);
  const context = trace.setSpan(ROOT_CONTEXT, span);
  return {
    send: (to, creation) => startReplaySend({ group, topic: to }, context, spanContextFrom(creation)),
    end: (error) => {
      if (error !== undefined) failed(span, error);
      span.end(spanTime());
    },
  };
}
