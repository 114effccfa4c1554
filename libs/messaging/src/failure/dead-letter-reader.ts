import { EventHeader } from '@millrace/contracts';
import type { BrokerRecord, HeaderValue } from '../ports/broker.port.js';
import type { DeathReason } from '../ports/failure.js';
import { ConnectHeader, RuntimeHeader, SpringHeader } from './header-names.js';
import { headerInstant, headerText } from '../record/header-text.js';
import { placeId } from './place-id.js';

/** What a dead letter says of itself; undefined where it says nothing, or nothing that can be read. */
export interface DeadLetterInfo {
  /** `ce_id` in lower case, or the id that the runtime derives from the original place when that is no UUID. */
  readonly eventId: string | undefined;
  readonly originalTopic: string | undefined;
  readonly originalPartition: number | undefined;
  readonly originalOffset: bigint | undefined;
  /** Milliseconds since the epoch. */
  readonly originalTimestamp: number | undefined;
  /** Consumer group that failed; of Kafka Connect the one that a sink connector has unless told otherwise. */
  readonly group: string | undefined;
  readonly reason: DeathReason | undefined;
  readonly errorClass: string | undefined;
  readonly errorMessage: string | undefined;
  readonly errorStack: string | undefined;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number | undefined;
  /** Attempts spent. */
  readonly attempt: number | undefined;
  /** Replay that it died in. */
  readonly replayId: string | undefined;
  /** How often it had been replayed. */
  readonly replayCount: number | undefined;
}

type Headers = BrokerRecord['headers'];

const REASONS: readonly DeathReason[] = ['DECODE', 'CONTRACT', 'FATAL', 'EXHAUSTED', 'EXPIRED', 'FOLLOWER'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_INT32 = 2 ** 31 - 1;

/** Reads a dead letter of ours, of Spring for Apache Kafka or of Kafka Connect; ours wins. Never throws. */
export function readDeadLetter({ headers }: Pick<BrokerRecord, 'headers'>): DeadLetterInfo {
  const origin = originOf(headers);
  return {
    ...origin,
    ...errorOf(headers),
    eventId: eventIdOf(headers, origin),
    group:
      headerText(headers[RuntimeHeader.group]) ??
      headerText(headers[SpringHeader.originalConsumerGroup]) ??
      connectGroup(headers),
    firstFailureAt: headerInstant(headers[RuntimeHeader.firstFailureAt]),
    attempt: number(integer(headers[RuntimeHeader.attempt])),
    replayId: headerText(headers[RuntimeHeader.replayId]),
    replayCount: number(integer(headers[RuntimeHeader.replayCount])),
  };
}

function originOf(headers: Headers) {
  const partition =
    integer(headers[RuntimeHeader.originalPartition]) ??
    integer(headers[SpringHeader.originalPartition]) ??
    integer(headers[ConnectHeader.originalPartition]);
  return {
    originalTopic:
      headerText(headers[RuntimeHeader.originalTopic]) ??
      headerText(headers[SpringHeader.originalTopic]) ??
      headerText(headers[ConnectHeader.originalTopic]),
    originalPartition: number(partition, MAX_INT32),
    originalOffset:
      integer(headers[RuntimeHeader.originalOffset]) ??
      integer(headers[SpringHeader.originalOffset]) ??
      integer(headers[ConnectHeader.originalOffset]),
    originalTimestamp: number(
      integer(headers[RuntimeHeader.originalTimestamp]) ?? integer(headers[SpringHeader.originalTimestamp]),
    ),
  };
}

function errorOf(headers: Headers) {
  return {
    reason: REASONS.find((reason) => reason === headerText(headers[RuntimeHeader.errorReason])),
    errorClass:
      headerText(headers[RuntimeHeader.errorClass]) ??
      last(headers[SpringHeader.exceptionCauseClass]) ??
      last(headers[SpringHeader.exceptionClass]) ??
      last(headers[ConnectHeader.exceptionClass]),
    errorMessage:
      headerText(headers[RuntimeHeader.errorMessage]) ??
      last(headers[SpringHeader.exceptionMessage]) ??
      last(headers[ConnectHeader.exceptionMessage]),
    errorStack:
      headerText(headers[RuntimeHeader.errorStack]) ??
      last(headers[SpringHeader.exceptionStack]) ??
      last(headers[ConnectHeader.exceptionStack]),
  };
}

function eventIdOf(headers: Headers, origin: ReturnType<typeof originOf>): string | undefined {
  const id = headerText(headers[EventHeader.id]);
  if (id !== undefined && UUID.test(id)) return id.toLowerCase();
  const { originalTopic, originalPartition, originalOffset } = origin;
  if (originalTopic === undefined || originalPartition === undefined || originalOffset === undefined)
    return undefined;
  return placeId(originalTopic, originalPartition, originalOffset);
}

function connectGroup(headers: Headers): string | undefined {
  const name = headerText(headers[ConnectHeader.connectorName]);
  return name === undefined ? undefined : `connect-${name}`;
}

/** Others append the headers of each further death, so that the newest stands last. */
function last(value: HeaderValue): string | undefined {
  return one(value, -1)?.toString();
}

function one(value: HeaderValue, at: 0 | -1): string | Buffer | undefined {
  return Array.isArray(value) ? value.at(at) : value;
}

/**
 * A whole number that is not negative, as decimal digits or as a big-endian integer of 4 or 8 bytes. Digits are tried
 * first: as an integer they would be beyond every partition and offset that exists.
 */
function integer(value: HeaderValue): bigint | undefined {
  const found = one(value, 0);
  if (found === undefined) return undefined;
  const text = found.toString();
  if (/^\d{1,19}$/.test(text)) return within(BigInt(text));
  if (typeof found === 'string') return undefined;
  if (found.length === 4) return within(BigInt(found.readInt32BE()));
  return found.length === 8 ? within(found.readBigInt64BE()) : undefined;
}

function within(value: bigint): bigint | undefined {
  return value >= 0n && value <= MAX_INT64 ? value : undefined;
}

function number(value: bigint | undefined, max: number = Number.MAX_SAFE_INTEGER): number | undefined {
  return value === undefined || value > BigInt(max) ? undefined : Number(value);
}
