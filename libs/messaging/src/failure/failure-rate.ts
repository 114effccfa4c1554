/**
 * Whether failure is systemic: the share of failures among the latest records, counted by record, not by attempt.
 * A ring of the last `window` results; below that many results it says nothing.
 */
export class FailureRate {
  private readonly failures: boolean[] = [];
  private next = 0;
  private failing = 0;

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

  /** True when the window is full and the share of failures has reached the ratio, or too many keys wait. */
  get isSystemic(): boolean {
    const often = this.failures.length >= this.window && this.failing >= this.window * this.ratio;
    return often || this.tooManyParked();
  }

  /** Forgets everything, after the cause is gone. */
  reset(): void {
    this.failures.length = 0;
    this.next = 0;
    this.failing = 0;
  }

  private note(failed: boolean): void {
    if (this.failures[this.next]) this.failing -= 1;
    if (failed) this.failing += 1;
    this.failures[this.next] = failed;
    this.next = (this.next + 1) % this.window;
  }
}
