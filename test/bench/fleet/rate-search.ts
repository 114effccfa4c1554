/** Rates that were kept and missed are at most that far apart in the end, as a factor. */
const CLOSE = 1.15;

/** Looks for the highest rate that is kept: doubles until one is missed, then halves the distance. */
export class RateSearch {
  private missed: number | undefined;
  private kept: number | undefined;

  constructor(private readonly first: number) {}

  /** Highest rate that was kept; undefined when none was. */
  get best(): number | undefined {
    return this.kept;
  }

  /** The rate to try now; undefined when the answer is close enough, or no rate of at least 1 was kept. */
  get next(): number | undefined {
    const { kept, missed } = this;
    if (missed === undefined) return kept === undefined ? this.first : kept * 2;
    if (kept === undefined) return missed >= 2 ? Math.floor(missed / 2) : undefined;
    return missed / kept > CLOSE ? Math.round(Math.sqrt(missed * kept)) : undefined;
  }

  /** What became of a rate. */
  tell(rate: number, kept: boolean): void {
    if (kept) this.kept = Math.max(rate, this.kept ?? 0);
    else this.missed = Math.min(rate, this.missed ?? Number.POSITIVE_INFINITY);
  }
}
