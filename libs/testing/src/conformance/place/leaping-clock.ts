import type { Clock } from '@millrace/messaging';
import { Sleepers } from '../../sleepers.js';

/** Rounds of the event loop in which work that waits for no time and no server ends. */
const ROUNDS = 12;

/** How long a wait of a case may take. */
export interface Patience {
  /** Of virtual time, milliseconds; longer than any retry plan. @default 1_800_000 */
  readonly virtualMs?: number;
  /** Of real time, milliseconds. @default 90_000 */
  readonly realMs?: number;
}

/**
 * A virtual clock beside real servers: it stands still while anybody waits for a server, and leaps to the next due
 * time when all are idle. It starts at the machine's time, because event ids carry it.
 */
export class LeapingClock implements Clock {
  private readonly sleepers = new Sleepers();
  private time = Date.now();

  constructor(
    /** True while somebody waits for a server. */
    private readonly busy: () => boolean,
    private readonly patience: Patience = {},
  ) {}

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.sleepers.sleepUntil(this.time + milliseconds, signal);
  }

  /** Leaps on until the check passes; throws what the check threw last. */
  async until(check: () => void | Promise<void>): Promise<void> {
    const { virtualMs = 1_800_000, realMs = 90_000 } = this.patience;
    const last = this.time + virtualMs;
    const deadline = performance.now() + realMs;
    for (;;) {
      await this.settle();
      try {
        return await check();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        if (!this.busy() && !this.leap(last)) throw error;
      }
    }
  }

  /** Moves on by that many milliseconds, whoever waits for a server. */
  async pass(milliseconds: number): Promise<void> {
    const target = this.time + milliseconds;
    do await this.settle();
    while (this.leap(target));
    this.time = target;
    await this.settle();
  }

  private leap(last: number): boolean {
    const next = this.sleepers.earliest(last);
    if (!next) return false;
    this.time = Math.max(this.time, next.due);
    next.wake();
    return true;
  }

  private async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
