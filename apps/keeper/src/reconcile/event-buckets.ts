/** Milliseconds of event ids that are compared at once: what differs is looked at id by id, so it must be few. */
export const BUCKET_MS = 10_000;

/** A set of event ids, as far as it takes to see that two are the same. */
export interface IdSet {
  readonly count: number;
  /** Exclusive or of 64-bit hashes of the ids. */
  readonly digest: bigint;
}

/** Id sets by the first millisecond of their bucket; an empty one is left out. */
export type Buckets = ReadonlyMap<number, IdSet>;

/** First millisecond of the bucket that an instant falls into. */
export function bucketOf(instantMs: number): number {
  return Math.floor(instantMs / BUCKET_MS) * BUCKET_MS;
}

/** The set of what is in one of two disjoint sets. */
export function unionOf(one: IdSet | undefined, other: IdSet): IdSet {
  return one ? { count: one.count + other.count, digest: one.digest ^ other.digest } : other;
}

/** Buckets whose ids are not the same on both sides, newest first. */
export function differingBuckets(one: Buckets, other: Buckets): readonly number[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((bucket) => !isSame(one.get(bucket), other.get(bucket)))
    .toSorted((a, b) => b - a);
}

function isSame(one: IdSet | undefined, other: IdSet | undefined): boolean {
  return one?.count === other?.count && one?.digest === other?.digest;
}
