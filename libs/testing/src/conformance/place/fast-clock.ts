import { systemClock, type Clock } from '@millrace/messaging';

/** The machine's clock, running faster: waits of minutes end in seconds while real servers keep up. */
export class FastClock implements Clock {
  private readonly started = Date.now();
  /** What timers go by: the time of day may be set meanwhile. */
  private readonly startedAt = performance.now();

  constructor(
    /** How many of its seconds pass in one. */
    private readonly factor: number,
  ) {}

  now(): number {
    return Math.round(this.started + (performance.now() - this.startedAt) * this.factor);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(milliseconds / this.factor, signal);
  }
}
