import { startSendSpan, type ProcessSpan } from '@millrace/telemetry';
import type { Broker, OutgoingRecord } from '../ports/broker.port.js';
import type { Departure, Explanation } from './departing-record.js';
import { isError } from './is-error.js';

const SMALLER: Readonly<Record<Explanation, Explanation | undefined>> = {
  full: 'without-stack',
  'without-stack': 'without-message',
  'without-message': undefined,
};

/**
 * Produces the copy of a departing record and resolves once the broker has acknowledged it. A copy that is too large
 * gives up the stack first and then the message; any other error is thrown.
 */
export async function publishCopy(
  broker: Broker,
  what: 'retry' | 'dead',
  departure: Departure,
  span: ProcessSpan,
  copy: (explanation: Explanation) => OutgoingRecord,
): Promise<void> {
  let explanation: Explanation | undefined = 'full';
  while (explanation) {
    const record = copy(explanation);
    const died = what === 'dead' ? departure.reason : undefined;
    const sending = startSendSpan({ group: departure.group, topic: record.topic, died }, span);
    try {
      await broker.send([record]);
      sending.end();
      return;
    } catch (error) {
      sending.end(error);
      explanation = isTooLarge(error) ? SMALLER[explanation] : undefined;
      if (!explanation) throw error;
    }
  }
}

function isTooLarge(error: unknown): boolean {
  if (!isError(error)) return false;
  if ('type' in error && (error.type === 'MESSAGE_TOO_LARGE' || error.type === 'RECORD_LIST_TOO_LARGE'))
    return true;
  return isTooLarge(error.cause);
}
