import { replayTopic } from '@millrace/contracts';
import type { DeadLetterInfo } from '../failure/dead-letter-reader.js';
import { ConnectHeader, RuntimeHeader, SpringHeader } from '../failure/header-names.js';
import type { BrokerRecord, HeaderValue, OutgoingRecord } from '../ports/broker.port.js';
import { headerText } from '../record/header-text.js';

/** Where a replayed record goes and what it is told. */
export interface ReplayTarget {
  readonly group: string;
  /** Source topic. */
  readonly topic: string;
  readonly replayId: string;
  readonly outsideEffects: boolean;
}

const FAILURE = new Set<string>([RuntimeHeader, SpringHeader, ConnectHeader].flatMap(Object.values<string>));

/**
 * The record that replays a dead letter: the same key, bytes, partition and source headers; instead of the failure's
 * headers it says where it comes from, which replay it belongs to and how often it was replayed.
 */
export function replayedRecord(
  letter: BrokerRecord,
  info: DeadLetterInfo,
  target: ReplayTarget,
): OutgoingRecord {
  const { key, value, partition } = letter;
  return {
    topic: replayTopic(target.group, target.topic),
    partition,
    key,
    value,
    headers: {
      ...sourceHeaders(letter.headers),
      ...originHeaders(letter, info, target.topic),
      [RuntimeHeader.replayId]: target.replayId,
      [RuntimeHeader.replayCount]: String((info.replayCount ?? 0) + 1),
      [RuntimeHeader.replayOutsideEffects]: String(target.outsideEffects),
    },
  };
}

function sourceHeaders(headers: BrokerRecord['headers']): Record<string, Exclude<HeaderValue, undefined>> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, Exclude<HeaderValue, undefined>] =>
        entry[1] !== undefined && !FAILURE.has(entry[0]),
    ),
  );
}

function originHeaders(letter: BrokerRecord, info: DeadLetterInfo, topic: string): Record<string, string> {
  const died = headerText(letter.headers[RuntimeHeader.attemptTraceparent]);
  const { originalTopic, originalPartition, originalOffset, originalTimestamp } = info;
  return {
    [RuntimeHeader.originalTopic]: originalTopic ?? topic,
    [RuntimeHeader.originalPartition]: String(originalPartition ?? letter.partition),
    ...(originalOffset === undefined ? {} : { [RuntimeHeader.originalOffset]: String(originalOffset) }),
    [RuntimeHeader.originalTimestamp]: String(originalTimestamp ?? letter.timestamp),
    ...(died === undefined ? {} : { [RuntimeHeader.attemptTraceparent]: died }),
  };
}
