import type { Clock } from '../ports/clock.js';

/** How much of its delay a late pace makes up for; without it every late timer would lower the rate. */
const CATCH_UP_MS = 100;

/** Spreads events over time, so many per second at most. */
export class ReplayPace {
  private dueAt: number;
  private readonly intervalMs: number;

  constructor(
    private readonly clock: Clock,
    ratePerSecond: number,
  ) {
    this.dueAt = clock.now();
    this.intervalMs = 1_000 / ratePerSecond;
  }

  /** Resolves when the next event's turn has come; rejects with the signal's reason when it aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const wait = this.dueAt - this.clock.now();
    if (wait > 0) await this.clock.sleep(wait, signal);
    signal.throwIfAborted();
    this.dueAt = Math.max(this.dueAt, this.clock.now() - CATCH_UP_MS) + this.intervalMs;
  }
}
