/** A position in the WAL and what is certainly written before it; times in milliseconds since the epoch. */
export interface WalMark {
  readonly lsn: bigint;
  /** Every transaction that began earlier has ended below the position: so has every row with an earlier `occurred_at`. */
  readonly settledBefore: number;
  /** No transaction that had written something and ended above the position began earlier. */
  readonly writersSince: number;
}

/** Marks kept at most: an hour at one a second, and coarser from there. */
export const MOST_MARKS = 3_600;

/**
 * The marks that the slot has not passed yet, in the order of their positions. Losing them (a keeper that restarts)
 * loses no truth: new ones are taken, and the slot passes those.
 */
export class WalMarks {
  #waiting: WalMark[] = [];

  constructor(private readonly most = MOST_MARKS) {}

  /** How many marks wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Keeps a mark; one at the place of the last is the better of the two, because it is younger. */
  add(mark: WalMark): void {
    const last = this.#waiting.at(-1);
    if (last && mark.lsn < last.lsn) this.#waiting = [];
    else if (last && mark.lsn === last.lsn) this.#waiting.pop();
    this.#waiting.push(mark);
    // a slot that rests for long: every second mark of the older half goes, the newest ones stay exact
    if (this.#waiting.length > this.most) {
      const half = this.#waiting.length >> 1;
      this.#waiting = this.#waiting.filter((_, index) => index >= half || index % 2 === 0);
    }
  }

  /** The newest mark that a slot at that position has passed; it and the older ones are forgotten. */
  pass(confirmedLsn: bigint): WalMark | undefined {
    const passed = this.#waiting.findLastIndex(({ lsn }) => lsn <= confirmedLsn);
    return this.#waiting.splice(0, passed + 1).at(-1);
  }
}
