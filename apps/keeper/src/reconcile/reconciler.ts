import type { Sight } from '../watch/sight.js';
import { bucketOf } from './event-buckets.js';
import type { EventLedger } from './event-ledger.js';
import { compareGroup, type Comparison } from './group-comparison.js';
import { PublishedEvents } from './published-events.js';
import { PublishedMarks } from './published-marks.js';
import type { ReconciledGroup } from './reconciled-groups.js';
import type { StatesClient } from './states/states-client.js';

/** Milliseconds that an event is left alone: what is under way is nobody's fault. */
export const GRACE_MS = 60_000;

/** What the reconciler needs. */
export interface ReconcilerParts {
  readonly ledger: EventLedger;
  readonly states: StatesClient;
  readonly groups: readonly ReconciledGroup[];
  /** Milliseconds of events before now that are compared each time. */
  readonly windowMs: number;
}

/** A comparison and the instant (milliseconds since the epoch) before which it covers the group's events. */
export interface ComparedGroup extends Comparison {
  readonly before: number;
}

/** Compares the outboxes with the inboxes of all groups, as far as each group must have got. */
export class Reconciler {
  readonly #events: PublishedEvents;
  readonly #marks = new PublishedMarks();

  constructor(private readonly parts: ReconcilerParts) {
    this.#events = new PublishedEvents(parts.ledger);
  }

  /** The groups that are compared. */
  get groups(): readonly ReconciledGroup[] {
    return this.parts.groups;
  }

  /** Takes a look at the log, and then notes what is published now: the next look tells where that ends. */
  async follow(sight: Sight | undefined, now: () => number): Promise<void> {
    if (sight) this.#marks.seen(sight);
    const publishedBefore = await this.parts.ledger.publishedBefore();
    if (publishedBefore !== undefined) this.#marks.read({ at: now(), publishedBefore });
  }

  /** The instant before which the group's events can be compared; undefined while it is not known to have got anywhere. */
  comparableBefore(group: ReconciledGroup, sight: Sight, now: number): number | undefined {
    const handled = this.#marks.handledBefore(group.group, group.topics, sight);
    if (handled === undefined || handled === -Infinity) return undefined;
    const before = bucketOf(Math.min(handled, now - GRACE_MS));
    return before > this.#from(now) ? before : undefined;
  }

  /** Reads what the outboxes hold up to the furthest instant that any group is compared to. */
  async cover(before: number, now: number): Promise<void> {
    await this.#events.cover({ from: this.#from(now), to: before });
  }

  /** Compares one group; `remembered` are the events that it lacked before, topic by id. */
  async compare(
    group: ReconciledGroup,
    { before, now }: { readonly before: number; readonly now: number },
    remembered: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<ComparedGroup> {
    const { ledger, states } = this.parts;
    const range = { from: this.#from(now), to: before };
    const parts = { ledger, states, events: this.#events };
    return { before, ...(await compareGroup(parts, group, range, remembered, signal)) };
  }

  #from(now: number): number {
    return bucketOf(now - this.parts.windowMs);
  }
}
