import { deadLetterTopic, retryTopic } from '@millrace/contracts';
import type { FailureReason } from '../ports/failure.js';
import type { BrokerRecord, HeaderValue, OutgoingRecord } from '../ports/broker.port.js';
import type { ErrorText } from './error-text.js';
import { RuntimeHeader, SpringHeader } from './header-names.js';

/** A record that leaves the happy path, and everything that is known of why. */
export interface Departure extends ErrorText {
  readonly group: string;
  readonly eventId: string;
  /** The record as its producer wrote it, at its original place. */
  readonly source: BrokerRecord;
  readonly reason: FailureReason;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number;
  readonly serviceVersion: string;
  /** W3C text of the span of the attempt that failed; null when there is none. */
  readonly traceparent: string | null;
  /** The replay that it failed in, if any. */
  readonly replay?: { readonly replayId: string; readonly count: number };
}

/** How much of the explanation a copy carries: it shrinks when the broker says that it is too large. */
export type Explanation = 'full' | 'without-stack' | 'without-message';

/** The dead letter of a record: the same key, bytes and headers, the same partition number, and why it died. */
export function deadLetterOf(death: Departure, explanation: Explanation): OutgoingRecord {
  return copyOf(death, deadLetterTopic(death.group, death.source.topic), {
    ...ownHeaders(death, explanation),
    ...(explanation === 'full' ? { [RuntimeHeader.errorStack]: death.errorStack } : {}),
    ...springHeaders(death, explanation),
  });
}

/** The retry copy of a record, due at that moment (milliseconds since the epoch), on the topic of that delay. */
export function retryCopyOf(
  departure: Departure,
  delay: string,
  notBefore: number,
  explanation: Explanation,
): OutgoingRecord {
  return copyOf(departure, retryTopic(departure.group, departure.source.topic, delay), {
    ...ownHeaders(departure, explanation),
    [RuntimeHeader.notBefore]: new Date(notBefore).toISOString(),
  });
}

const OURS = new Set<string>([...Object.values(RuntimeHeader), ...Object.values(SpringHeader)]);

function copyOf(
  { source }: Departure,
  topic: string,
  headers: Record<string, string | Buffer>,
): OutgoingRecord {
  const { partition, key, value } = source;
  return { topic, partition, key, value, headers: { ...present(source.headers), ...headers } };
}

/** The record's own headers; what an earlier failure wrote is replaced, never carried along. */
function present(
  headers: Readonly<Record<string, HeaderValue>>,
): Record<string, Exclude<HeaderValue, undefined>> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, Exclude<HeaderValue, undefined>] =>
        entry[1] !== undefined && !OURS.has(entry[0]),
    ),
  );
}

function ownHeaders(departure: Departure, explanation: Explanation): Record<string, string> {
  const { source, replay } = departure;
  return {
    [RuntimeHeader.attempt]: String(departure.attempt),
    [RuntimeHeader.firstFailureAt]: new Date(departure.firstFailureAt).toISOString(),
    [RuntimeHeader.originalTopic]: source.topic,
    [RuntimeHeader.originalPartition]: String(source.partition),
    [RuntimeHeader.originalOffset]: String(source.offset),
    [RuntimeHeader.originalTimestamp]: String(source.timestamp),
    [RuntimeHeader.group]: departure.group,
    [RuntimeHeader.errorReason]: departure.reason,
    [RuntimeHeader.errorClass]: departure.errorClass,
    [RuntimeHeader.serviceVersion]: departure.serviceVersion,
    ...(departure.traceparent === null ? {} : { [RuntimeHeader.attemptTraceparent]: departure.traceparent }),
    ...(explanation === 'without-message' ? {} : { [RuntimeHeader.errorMessage]: departure.errorMessage }),
    ...(replay === undefined
      ? {}
      : { [RuntimeHeader.replayId]: replay.replayId, [RuntimeHeader.replayCount]: String(replay.count) }),
  };
}

function springHeaders(death: Departure, explanation: Explanation): Record<string, string | Buffer> {
  const { source } = death;
  return {
    [SpringHeader.originalTopic]: source.topic,
    [SpringHeader.originalPartition]: int32(source.partition),
    [SpringHeader.originalOffset]: int64(source.offset),
    [SpringHeader.originalTimestamp]: int64(BigInt(source.timestamp)),
    [SpringHeader.originalConsumerGroup]: death.group,
    [SpringHeader.exceptionClass]: death.errorClass,
    ...(explanation === 'without-message' ? {} : { [SpringHeader.exceptionMessage]: death.errorMessage }),
    ...(explanation === 'full' ? { [SpringHeader.exceptionStack]: death.errorStack } : {}),
  };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
