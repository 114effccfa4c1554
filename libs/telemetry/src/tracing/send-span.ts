import { SpanKind, type Context } from '@opentelemetry/api';
import { failed } from './failed.js';
import { KAFKA, MessagingAttribute } from './messaging-attributes.js';
import { tracer } from './tracer.js';

/** A dead letter on its way. */
export interface SentDeadLetter {
  readonly group: string;
  /** Why the record died, for example `DECODE`. */
  readonly reason: string;
}

/** The sending of one record. */
export interface SendSpan {
  /** Ends the span when the broker has acknowledged, or with the error when it has not. */
  end(error?: unknown): void;
}

/** Starts the PRODUCER span `send <topic>` of a dead letter under the record's process span; no sampler drops it. */
export function startSendSpan(topic: string, letter: SentDeadLetter, parent: Context): SendSpan {
  const span = tracer().startSpan(
    `send ${topic}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        [MessagingAttribute.SYSTEM]: KAFKA,
        [MessagingAttribute.OPERATION_NAME]: 'send',
        [MessagingAttribute.OPERATION_TYPE]: 'send',
        [MessagingAttribute.DESTINATION]: topic,
        [MessagingAttribute.GROUP]: letter.group,
        [MessagingAttribute.REASON]: letter.reason,
        [MessagingAttribute.KEEP]: true,
      },
    },
    parent,
  );
  return {
    end: (error) => {
      if (error !== undefined) failed(span, error);
      span.end();
    },
  };
}
