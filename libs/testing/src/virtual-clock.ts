import type { Clock } from '@millrace/messaging';
import { Sleepers } from './sleepers.js';

/** A clock that stands still until a test moves it; whoever sleeps wakes in the order of the due times. */
export class VirtualClock implements Clock {
  private readonly sleepers = new Sleepers();

  /** Starts at that moment, milliseconds since the epoch. */
  constructor(private time = Date.parse('2026-03-01T12:00:00Z')) {}

  now(): number {
    return this.time;
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.sleepers.sleepUntil(this.time + milliseconds, signal);
  }

  /** Lets everything run that waits for no time. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves on by that many milliseconds, stopping at every due time on the way and letting the work run. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.time + milliseconds;
    for (;;) {
      await this.settle();
      const next = this.sleepers.earliest(target);
      if (!next) break;
      this.time = Math.max(this.time, next.due);
      next.wake();
    }
    this.time = target;
    await this.settle();
  }

  /** Moves on, at most that far, until the work is done, and gives its result. */
  async runUntil<Result>(work: Promise<Result>, withinMs = 600_000): Promise<Result> {
    let done = false;
    const finished = work.finally(() => (done = true));
    finished.catch(() => undefined);
    const target = this.time + withinMs;
    for (;;) {
      await this.settle();
      const next = done ? undefined : this.sleepers.earliest(target);
      if (done) return finished;
      if (!next) throw new Error(`the work does not end within ${withinMs} virtual milliseconds`);
      this.time = Math.max(this.time, next.due);
      next.wake();
    }
  }
}
