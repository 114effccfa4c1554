import type { ProcessSpan } from '@millrace/telemetry';
import type { HandlerExtras } from '../api/event-consumer.decorator.js';
import type { EventContext } from '../api/event-context.js';
import type { BrokerRecord, HeaderValue } from '../ports/broker.port.js';

/** A handler of a consumer class, bound to Nest's pipeline. */
export interface BoundHandler extends HandlerExtras {
  /** Runs guards, interceptors, pipes and the method itself; rejects with the error that was thrown. */
  invoke(payload: unknown, context: EventContext): Promise<void>;
}

/** How a record came to be worked on. */
export type Origin =
  | { readonly kind: 'source' }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly firstFailureAt: number;
      readonly notBefore: number;
      /** The span of the attempt before, as its header names it. */
      readonly previous?: HeaderValue;
    }
  | {
      readonly kind: 'replay';
      readonly replayId: string;
      readonly count: number;
      readonly outsideEffects: boolean;
      /** The span of the attempt that died, as its header names it. */
      readonly previous?: HeaderValue;
      /** The span that sent it, as its header names it. */
      readonly sending?: HeaderValue;
    }
  | {
      readonly kind: 'parked';
      readonly attempt: number;
      readonly firstFailureAt?: number;
      readonly replay?: { readonly replayId: string; readonly outsideEffects: boolean };
    };

/** A fetched record that waits in its partition's queue. */
export interface QueuedRecord {
  /** The record as it lies on the topic that it was fetched from. */
  readonly record: BrokerRecord;
  /** The record as its producer wrote it: of a retry or replay copy the original place, without our headers. */
  readonly source: BrokerRecord;
  readonly origin: Origin;
  /** When it reached this process, milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** A record that was read as an event and has a handler. */
export interface EventItem extends QueuedRecord {
  readonly kind: 'event';
  readonly eventId: string;
  readonly type: string;
  readonly eventSource: string;
  readonly occurredAt: Date;
  readonly causationId: string;
  readonly data: unknown;
  readonly handler: BoundHandler;
  /** One span for the record's whole life in this process, however often it is tried. */
  span?: ProcessSpan;
  /** When its first failure happened, milliseconds since the epoch. */
  firstFailureAt?: number;
  /** True once its failure counts towards systemic failure: it counts once. */
  counted?: boolean;
}

/** A record that no handler of this consumer asked for. */
export interface IgnoredItem extends QueuedRecord {
  readonly kind: 'ignored';
}

/** A record that can never be handled: its bytes or its contract are broken, or the inbox may have forgotten it. */
export interface PoisonItem extends QueuedRecord {
  readonly kind: 'poison';
  /** `ce_id` where it can be read, else derived from the record's place. */
  readonly eventId: string;
  readonly type: string;
  readonly reason: 'DECODE' | 'CONTRACT' | 'EXPIRED';
  readonly error: Error;
}

/** A record that is somebody's business: an event, or one that cannot be. */
export type IdentifiedItem = EventItem | PoisonItem;

/** A record after decoding. */
export type DecodedItem = IdentifiedItem | IgnoredItem;
