import { BUCKET_MS, differingBuckets, type IdSet } from './event-buckets.js';
import type { EventLedger } from './event-ledger.js';
import type { PublishedEvents } from './published-events.js';
import type { ReconciledGroup } from './reconciled-groups.js';
import { slicesOf } from './slices.js';
import type { StatesClient } from './states/states-client.js';
import type { IdRange } from './store/outbox-event-store.js';

/** Events of a group that are looked at one by one in a comparison at most. */
export const MOST_SUSPECTS = 10_000;

/** Milliseconds of ids that one statement sums up: rows of an inbox are small. */
const SLICE_MS = 600_000;

/** What a comparison of a group with the outboxes found. */
export interface Comparison {
  /** Events that the group must have handled and knows nothing of: topic by id. */
  readonly missing: ReadonlyMap<string, string>;
  /** Ids of events that took effect and that no outbox holds. */
  readonly extra: ReadonlySet<string>;
  /** How many events the outboxes hold, by bucket. */
  readonly published: ReadonlyMap<number, IdSet>;
  /** False when there was so much to look at that the older part was left. */
  readonly complete: boolean;
}

/** What comparing takes. */
export interface ComparisonParts {
  readonly ledger: EventLedger;
  readonly events: PublishedEvents;
  readonly states: StatesClient;
}

interface Suspects {
  readonly lacking: Map<string, string>;
  readonly surplus: Set<string>;
}

/**
 * Compares a group's inbox with the outboxes over a range of ids, whose bounds are those of buckets. Where the ids of a
 * bucket differ they are read from both sides; the group itself is then asked what became of those that did not take
 * effect, because it alone knows of dead, parked and retrying ones. `remembered` are asked for in any case.
 */
export async function compareGroup(
  { ledger, events, states }: ComparisonParts,
  group: ReconciledGroup,
  range: IdRange,
  remembered: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Comparison> {
  const published = events.of(group.topics, range);
  const effects = new Map<number, IdSet>();
  for (const slice of slicesOf(range, SLICE_MS))
    for (const [bucket, set] of await ledger.inboxBuckets(group, slice)) effects.set(bucket, set);
  const suspects: Suspects = { lacking: new Map(remembered), surplus: new Set() };
  const differing = differingBuckets(published, effects);
  let looked = 0;
  for (const bucket of differing) {
    if (suspects.lacking.size + suspects.surplus.size >= MOST_SUSPECTS) break;
    signal.throwIfAborted();
    looked += 1;
    // differing sums and equal ids: a row came after its bucket was read, which no event of a settled bucket should
    if (!(await suspect(ledger, group, bucket, suspects))) await events.renew(bucket);
  }
  const unknown = await states.unknown(group.group, [...suspects.lacking.keys()], signal);
  const known = new Set(await ledger.idsInOutboxes([...suspects.surplus]));
  return {
    missing: new Map([...suspects.lacking].filter(([id]) => unknown.has(id))),
    extra: new Set([...suspects.surplus].filter((id) => !known.has(id))),
    published,
    complete: looked === differing.length,
  };
}

/** Adds what differs in a bucket; false when nothing does. */
async function suspect(
  ledger: EventLedger,
  group: ReconciledGroup,
  bucket: number,
  { lacking, surplus }: Suspects,
): Promise<boolean> {
  const range = { from: bucket, to: bucket + BUCKET_MS };
  const effects = new Set(await ledger.inboxIds(group, range));
  const published = new Map(
    (await ledger.outboxEvents(group.topics, range)).map((one) => [one.id, one.topic]),
  );
  const [lackingHere, surplusHere] = [
    [...published].filter(([id]) => !effects.has(id)),
    [...effects].filter((id) => !published.has(id)),
  ];
  for (const [id, topic] of lackingHere) lacking.set(id, topic);
  for (const id of surplusHere) surplus.add(id);
  return lackingHere.length + surplusHere.length > 0;
}
