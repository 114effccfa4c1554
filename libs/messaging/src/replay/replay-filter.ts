import type { DeadLetterInfo } from '../failure/dead-letter-reader.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { ReplayFilter } from './replay-request.js';

/** A filter made ready for many dead letters. */
export class LetterFilter {
  private readonly eventIds: ReadonlySet<string> | undefined;
  private readonly keys: ReadonlySet<string> | undefined;

  constructor(private readonly filter: ReplayFilter) {
    this.eventIds = filter.eventIds && new Set(filter.eventIds.map((id) => id.toLowerCase()));
    this.keys = filter.keys && new Set(filter.keys.map((key) => Buffer.from(key).toString('latin1')));
  }

  /** Whether an event can match at all, by what is the same in all of its dead letters. */
  mayMatch({ key }: BrokerRecord, eventId: string): boolean {
    if (this.eventIds && !this.eventIds.has(eventId)) return false;
    return !this.keys || (key !== null && this.keys.has(key.toString('latin1')));
  }

  /**
   * Whether a dead letter matches in what it says of its death. Its time is that of the first failure, because that
   * is when the cause held; one that does not tell counts with the time of its death.
   */
  matches({ timestamp }: BrokerRecord, { reason, errorClass, firstFailureAt }: DeadLetterInfo): boolean {
    const { reasons, errorClasses, from = -Infinity, until = Infinity } = this.filter;
    const at = firstFailureAt ?? timestamp;
    return (
      (!reasons || (reason !== undefined && reasons.includes(reason))) &&
      (!errorClasses || (errorClass !== undefined && errorClasses.includes(errorClass))) &&
      at >= from &&
      at < until
    );
  }
}
