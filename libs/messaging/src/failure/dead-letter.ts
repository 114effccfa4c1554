import { deadLetterTopic } from '@millrace/contracts';
import type { DeathReason } from '../ports/consumer-store.port.js';
import type { HeaderValue, OutgoingRecord } from '../ports/broker.port.js';
import type { ErrorText } from './error-text.js';
import { RuntimeHeader, SpringHeader } from './header-names.js';
import type { QueuedRecord } from '../runtime/work-item.js';

/** A record that leaves the happy path for good. */
export interface Death extends ErrorText {
  readonly group: string;
  readonly eventId: string;
  readonly item: QueuedRecord;
  readonly reason: DeathReason;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number;
  readonly serviceVersion: string;
}

/** How much of the explanation a dead letter carries: it shrinks when the broker says that it is too large. */
export type Explanation = 'full' | 'without-stack' | 'without-message';

/** The dead letter of a record: the same key, bytes and headers, the same partition number, and why it died. */
export function deadLetterOf(death: Death, explanation: Explanation): OutgoingRecord {
  const { record } = death.item;
  return {
    topic: deadLetterTopic(death.group, record.topic),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: {
      ...present(record.headers),
      ...ownHeaders(death, explanation),
      ...springHeaders(death, explanation),
    },
  };
}

const OURS = new Set<string>([...Object.values(RuntimeHeader), ...Object.values(SpringHeader)]);

/** The record's own headers; what an earlier death wrote is replaced, never carried along. */
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

function ownHeaders(death: Death, explanation: Explanation): Record<string, string> {
  const { record } = death.item;
  return {
    [RuntimeHeader.attempt]: String(death.attempt),
    [RuntimeHeader.firstFailureAt]: new Date(death.firstFailureAt).toISOString(),
    [RuntimeHeader.originalTopic]: record.topic,
    [RuntimeHeader.originalPartition]: String(record.partition),
    [RuntimeHeader.originalOffset]: String(record.offset),
    [RuntimeHeader.originalTimestamp]: String(record.timestamp),
    [RuntimeHeader.group]: death.group,
    [RuntimeHeader.errorReason]: death.reason,
    [RuntimeHeader.errorClass]: death.errorClass,
    [RuntimeHeader.serviceVersion]: death.serviceVersion,
    ...(explanation === 'without-message' ? {} : { [RuntimeHeader.errorMessage]: death.errorMessage }),
    ...(explanation === 'full' ? { [RuntimeHeader.errorStack]: death.errorStack } : {}),
  };
}

function springHeaders(death: Death, explanation: Explanation): Record<string, string | Buffer> {
  const { record } = death.item;
  return {
    [SpringHeader.originalTopic]: record.topic,
    [SpringHeader.originalPartition]: int32(record.partition),
    [SpringHeader.originalOffset]: int64(record.offset),
    [SpringHeader.originalTimestamp]: int64(BigInt(record.timestamp)),
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
