/** Share of the window that must be results of handlers, lest one blocked key with many followers looks like all. */
const LEAST_RESULTS = 0.1;

/**
 * Whether failure is systemic: the share of failures among the latest results of handlers, counted by record, not by
 * attempt. A ring of the last `window` results. It says nothing before `window` records have passed, those that were
 * parked behind a failed one included, and a tenth of as many results are known.
 */
export class FailureRate {
  private readonly failures: boolean[] = [];
  private next = 0;
  private failing = 0;
  private passed = 0;

  constructor(
    private readonly window: number,
    private readonly ratio: number,
    /** Another sign that failure is systemic: more keys wait than may. */
    private readonly tooManyParked: () => boolean = () => false,
  ) {}

  /** Notes that many records that took effect. */
  succeeded(records: number): void {
    for (let index = Math.min(records, this.window); index > 0; index -= 1) this.note(false);
  }

  /** Notes a record that is about to leave the happy path because its handler fails. */
  failed(): void {
    this.note(true);
  }

  /** Notes that many records that were parked without being tried, behind a failed one. */
  followed(records: number): void {
    this.passed += records;
  }

  /** True when enough records have passed and the share of failures has reached the ratio, or too many keys wait. */
  get isSystemic(): boolean {
    const results = this.failures.length;
    const known = this.passed >= this.window && results >= this.window * LEAST_RESULTS;
    return (known && this.failing >= results * this.ratio) || this.tooManyParked();
  }

  /** Forgets everything, after the cause is gone. */
  reset(): void {
    this.failures.length = 0;
    this.next = 0;
    this.failing = 0;
    this.passed = 0;
  }

  private note(failed: boolean): void {
    if (this.failures[this.next]) this.failing -= 1;
    if (failed) this.failing += 1;
    this.passed += 1;
    this.failures[this.next] = failed;
    this.next = (this.next + 1) % this.window;
  }
}
