import { BUCKET_MS, unionOf, type Buckets, type IdSet } from './event-buckets.js';
import type { EventLedger } from './event-ledger.js';
import { slicesOf } from './slices.js';
import type { IdRange } from './store/outbox-event-store.js';

/** Milliseconds of ids that one statement sums up: rows of an outbox are large. */
const SLICE_MS = 60_000;

/**
 * What the outboxes hold, by bucket and topic. Their rows never change, so each bucket is read once, when everything in
 * it is published; an hour of ten topics is some thousand small entries.
 */
export class PublishedEvents {
  readonly #buckets = new Map<number, Map<string, IdSet>>();
  #range: IdRange | undefined;

  constructor(private readonly ledger: Pick<EventLedger, 'outboxBuckets'>) {}

  /** Reads what is new in a range whose bounds are those of buckets, and forgets what lies before it. */
  async cover({ from, to }: IdRange): Promise<void> {
    for (const bucket of this.#buckets.keys()) if (bucket < from) this.#buckets.delete(bucket);
    const known = Math.max(from, this.#range?.to ?? from);
    for (const slice of slicesOf({ from: known, to }, SLICE_MS)) {
      await this.#read(slice);
      this.#range = { from, to: slice.to };
    }
  }

  /** Reads one bucket again. */
  async renew(bucket: number): Promise<void> {
    this.#buckets.delete(bucket);
    await this.#read({ from: bucket, to: bucket + BUCKET_MS });
  }

  /** The events of some topics by bucket. */
  of(topics: readonly string[], { from, to }: IdRange): Buckets {
    const found = new Map<number, IdSet>();
    for (const [bucket, sets] of this.#buckets) {
      if (bucket < from || bucket >= to) continue;
      for (const topic of topics) {
        const set = sets.get(topic);
        if (set) found.set(bucket, unionOf(found.get(bucket), set));
      }
    }
    return found;
  }

  async #read(range: IdRange): Promise<void> {
    for (const { bucket, topic, count, digest } of await this.ledger.outboxBuckets(range)) {
      const sets = this.#buckets.get(bucket) ?? new Map<string, IdSet>();
      sets.set(topic, unionOf(sets.get(topic), { count, digest }));
      this.#buckets.set(bucket, sets);
    }
  }
}
