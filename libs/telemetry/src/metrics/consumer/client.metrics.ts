import { errorType } from '../../tracing/failed.js';
import { KAFKA, MessagingAttribute } from '../../tracing/messaging/messaging-attributes.js';
import { counter, histogram } from '../instrument.js';
import type { ConsumedFrom } from './consumer.metrics.js';

const consumed = counter('messaging.client.consumed.messages');
const sent = counter('messaging.client.sent.messages');
const operations = histogram('messaging.client.operation.duration');
const processed = histogram('messaging.process.duration');

/** Counts records as they are fetched. */
export function countConsumed(from: ConsumedFrom, count: number): void {
  consumed().add(count, conventional(from, 'poll'));
}

/** Notes that a record was sent, or not: how long that took in seconds, and the error, which is noted by its code. */
export function recordSend(from: ConsumedFrom, seconds: number, error?: unknown): void {
  operations().record(seconds, withError(conventional(from, 'send'), error));
  if (error === undefined) sent().add(1, conventional(from, 'send'));
}

/** Notes how long a fetch for all partitions of a broker took, its waiting for records included, in seconds. */
export function recordPoll(group: string, seconds: number): void {
  operations().record(seconds, {
    [MessagingAttribute.SYSTEM]: KAFKA,
    [MessagingAttribute.OPERATION_NAME]: 'poll',
    [MessagingAttribute.GROUP]: group,
  });
}

/** Notes how long a commit of offsets took, in seconds; an error is noted by its code. */
export function recordCommit(from: ConsumedFrom, seconds: number, error?: unknown): void {
  operations().record(seconds, withError(conventional(from, 'commit'), error));
}

/** Notes how long a batch took, in seconds; an error is noted by its code. */
export function recordProcessDuration(from: ConsumedFrom, seconds: number, error?: unknown): void {
  processed().record(seconds, withError(conventional(from, 'process'), error));
}

function conventional({ group, topic }: ConsumedFrom, operation: string) {
  return {
    [MessagingAttribute.SYSTEM]: KAFKA,
    [MessagingAttribute.OPERATION_NAME]: operation,
    [MessagingAttribute.DESTINATION]: topic,
    [MessagingAttribute.GROUP]: group,
  };
}

function withError(labels: ReturnType<typeof conventional>, error: unknown) {
  return error === undefined ? labels : { ...labels, [MessagingAttribute.ERROR_TYPE]: errorType(error) };
}
