/**
 * Which offsets of a partition are fetched and not yet terminal. The offset to commit is the lowest of them, or
 * the end of what was fetched; it never goes back.
 */
export class OffsetLedger {
  /** Outstanding offsets in ascending order: a Set keeps the order of insertion. */
  private readonly outstanding = new Set<bigint>();
  private end = -1n;
  private begin: bigint | undefined;
  private committed = -1n;

  /** Fetched records that are not terminal. */
  get size(): number {
    return this.outstanding.size;
  }

  /** Offset of the first record that was fetched; undefined before. */
  get start(): bigint | undefined {
    return this.begin;
  }

  /** Lowest offset that has not been fetched; -1 before the first fetch. */
  get fetchedEnd(): bigint {
    return this.end;
  }

  /** Takes a fetched record in; false when it was fetched before and must be dropped. */
  fetched(offset: bigint): boolean {
    if (offset < this.end) return false;
    // Fetching begins at the group's position, so that one needs no commit.
    if (this.end < 0n) this.committed = offset;
    this.begin ??= offset;
    this.outstanding.add(offset);
    this.end = offset + 1n;
    return true;
  }

  /** Everything up to that offset was covered by a fetch, records that nobody sees (control records) included. */
  covered(lastOffset: bigint): void {
    if (lastOffset + 1n > this.end) this.end = lastOffset + 1n;
  }

  /** The record needs nothing more: its effect, its parked row or its dead letter is durable. */
  terminal(offset: bigint): void {
    this.outstanding.delete(offset);
  }

  /** Offset to commit now, or undefined when nothing new became terminal. */
  position(): bigint | undefined {
    if (this.end < 0n) return undefined;
    const first = this.outstanding.values().next();
    const position = first.done ? this.end : first.value;
    return position > this.committed ? position : undefined;
  }

  /** Notes that the broker holds this position. */
  commit(position: bigint): void {
    if (position > this.committed) this.committed = position;
  }
}
