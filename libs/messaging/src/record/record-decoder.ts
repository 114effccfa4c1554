import { ContractViolationError, EventHeader } from '@millrace/contracts';
import { countUnknownEnum } from '@millrace/telemetry';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import { DecodeError } from '../api/errors.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import { placeId } from '../failure/place-id.js';
import { timeOfId } from './event-age.js';
import { headerText } from './header-text.js';
import { assertOrigin } from './queued-record.js';
import type { BoundHandler, DecodedItem, PoisonItem, QueuedRecord } from './work-item.js';

/** An event that is older than what the inbox remembers: whether it took effect can no longer be known. */
export class ExpiredError extends Error {
  readonly code = 'EXPIRED';
  override readonly name = 'ExpiredError';
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads records as events: headers first, then payload, then contract. Never throws. */
export class RecordDecoder {
  constructor(
    /** Handlers by CloudEvents type. */
    private readonly handlers: ReadonlyMap<string, BoundHandler>,
    private readonly clock: Clock,
    private readonly options: Pick<CompleteConsumerOptions, 'group' | 'inboxHorizonMs'>,
  ) {}

  decode(queued: QueuedRecord): DecodedItem {
    const { source: record } = queued;
    try {
      const eventId = required(record, EventHeader.id);
      if (!UUID.test(eventId)) throw new DecodeError(`header ${EventHeader.id} is not a UUID`);
      const type = required(record, EventHeader.type);
      const handler = this.handlers.get(type);
      if (!handler) return { ...queued, kind: 'ignored' };
      assertOrigin(queued);
      // Only a record of the log may be older than the inbox remembers; a failed one has its row to say that it is not done.
      if (queued.origin.kind === 'source') this.assertRemembered(eventId);
      return {
        ...queued,
        kind: 'event',
        eventId: eventId.toLowerCase(),
        type,
        eventSource: required(record, EventHeader.source),
        occurredAt: instant(record),
        causationId: headerText(record.headers[EventHeader.causationId]) ?? eventId,
        data: handler.view.read(json(record), () => countUnknownEnum({ group: this.options.group, type })),
        handler,
      };
    } catch (error) {
      return poison(queued, error instanceof Error ? error : new DecodeError(String(error)));
    }
  }

  private assertRemembered(eventId: string): void {
    const made = timeOfId(eventId);
    if (made === undefined || made >= this.clock.now() - this.options.inboxHorizonMs) return;
    throw new ExpiredError(
      `the event was made ${new Date(made).toISOString()}, before what the inbox remembers`,
    );
  }
}

function required(record: BrokerRecord, name: string): string {
  const value = headerText(record.headers[name]);
  if (!value) throw new DecodeError(`header ${name} is missing`);
  return value;
}

function instant(record: BrokerRecord): Date {
  const time = new Date(required(record, EventHeader.time));
  if (Number.isNaN(time.getTime()))
    throw new DecodeError(`header ${EventHeader.time} is not an RFC 3339 time`);
  return time;
}

function json(record: BrokerRecord): unknown {
  if (record.value === null) throw new DecodeError('the record has no payload');
  try {
    return JSON.parse(UTF8.decode(record.value));
  } catch {
    // The parser's own message quotes the payload, which may hold personal data.
    throw new DecodeError('the payload is not JSON in UTF-8');
  }
}

function poison(queued: QueuedRecord, error: Error): PoisonItem {
  const { source: record } = queued;
  const id = headerText(record.headers[EventHeader.id]);
  return {
    ...queued,
    kind: 'poison',
    eventId: id && UUID.test(id) ? id.toLowerCase() : placeId(record.topic, record.partition, record.offset),
    type: headerText(record.headers[EventHeader.type]) ?? record.topic,
    reason: reasonOf(error),
    error,
  };
}

function reasonOf(error: Error): PoisonItem['reason'] {
  if (error instanceof ExpiredError) return 'EXPIRED';
  return error instanceof ContractViolationError ? 'CONTRACT' : 'DECODE';
}
