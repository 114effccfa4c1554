import type { KnownFailure } from './failure.js';

/** An event to be claimed in the inbox. */
export interface InboxEntry {
  readonly eventId: string;
  /** When the record reached this process, milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** A retried or replayed event that is to be taken over from the failures. */
export interface TakenOver extends InboxEntry {
  /** The attempts that a retry copy stands for, or the replay that a replayed record belongs to. */
  readonly by: { readonly attempt: number } | { readonly replayId: string };
}

/**
 * What the inbox knows of an event at the moment of its claim:
 * `fresh` — this transaction, and no other, may apply the effect;
 * `done` — it took effect before, or was discarded;
 * `parked` — it lies in `parked_event`, waiting or as the dead head that blocks its key;
 * `failed` — it left the happy path and is not resolved: it lies nowhere else, or its copy is not acknowledged yet.
 */
export type Claim =
  | { readonly eventId: string; readonly standing: 'fresh' | 'done' | 'parked' }
  | { readonly eventId: string; readonly standing: 'failed'; readonly failure: KnownFailure };

/** Where an event stands in a group, as `GET /ops/events/:id` tells it. */
export type EventState = 'done' | 'parked' | 'retrying' | 'dying' | 'dead' | 'resolved' | 'unknown';

/** Answer about one event of a group. */
export interface EventStatus {
  readonly eventId: string;
  readonly state: EventState;
  readonly processedAt?: Date;
  readonly attempts?: number;
  readonly reason?: string;
}
