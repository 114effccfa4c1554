import { DecodeError } from '../api/errors.js';
import { RuntimeHeader } from '../failure/header-names.js';
import type { BrokerRecord, HeaderValue } from '../ports/broker.port.js';
import { headerInstant, headerText } from './header-text.js';
import type { TopicRole } from '../partition/topic-role.js';
import type { Origin, QueuedRecord } from './work-item.js';

const OURS = new Set<string>(Object.values(RuntimeHeader));

/** A record as it waits in a queue; one of a retry or replay topic is traced back to where it was consumed first. */
export function queued(record: BrokerRecord, role: TopicRole, receivedAt: number): QueuedRecord {
  if (role.kind === 'source') return { record, source: record, origin: { kind: 'source' }, receivedAt };
  return { record, source: sourceRecord(record, role), origin: originOf(record, role), receivedAt };
}

function sourceRecord(record: BrokerRecord, { source }: TopicRole): BrokerRecord {
  const { headers } = record;
  return {
    ...record,
    topic: source,
    partition: wholeNumber(headers[RuntimeHeader.originalPartition]) ?? record.partition,
    offset: BigInt(wholeNumber(headers[RuntimeHeader.originalOffset]) ?? 0),
    timestamp: wholeNumber(headers[RuntimeHeader.originalTimestamp]) ?? record.timestamp,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.has(name))),
  };
}

function originOf({ headers, timestamp }: BrokerRecord, { kind }: TopicRole): Origin {
  if (kind === 'replay') {
    return {
      kind,
      replayId: headerText(headers[RuntimeHeader.replayId]) ?? '',
      count: wholeNumber(headers[RuntimeHeader.replayCount]) ?? 1,
      outsideEffects: headerText(headers[RuntimeHeader.replayOutsideEffects]) === 'true',
      previous: headers[RuntimeHeader.attemptTraceparent],
      sending: headers[RuntimeHeader.replayTraceparent],
    };
  }
  return {
    kind: 'retry',
    attempt: wholeNumber(headers[RuntimeHeader.attempt]) ?? 0,
    firstFailureAt: headerInstant(headers[RuntimeHeader.firstFailureAt]) ?? timestamp,
    notBefore: headerInstant(headers[RuntimeHeader.notBefore]) ?? 0,
    previous: headers[RuntimeHeader.attemptTraceparent],
  };
}

/** Throws `DecodeError` when a copy lacks what a retry or replay topic's record must say of itself. */
export function assertOrigin({ origin }: QueuedRecord): void {
  if (origin.kind === 'retry' && origin.attempt < 1) {
    throw new DecodeError(`header ${RuntimeHeader.attempt} is missing on a retry topic`);
  }
  if (origin.kind === 'replay' && origin.replayId === '') {
    throw new DecodeError(`header ${RuntimeHeader.replayId} is missing on a replay topic`);
  }
}

function wholeNumber(value: HeaderValue): number | undefined {
  const text = headerText(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
