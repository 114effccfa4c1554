import type { Clock } from './clock.js';

interface Sleeper {
  readonly ms: number;
  wake(): void;
}

/** A clock for tests with one sleeper: it stands still until the test lets the sleeper wake. */
export class VirtualClock implements Clock {
  #sleeper: Sleeper | undefined;
  #noticed: (() => void) | undefined;

  constructor(private instant: number) {}

  now(): number {
    return this.instant;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.#sleeper = { ms, wake: resolve };
      this.#noticed?.();
    });
  }

  /** Resolves with the milliseconds of the next sleep, once somebody sleeps. */
  async asleep(): Promise<number> {
    if (!this.#sleeper) await new Promise<void>((resolve) => (this.#noticed = resolve));
    this.#noticed = undefined;
    return this.#sleeper?.ms ?? 0;
  }

  /** Turns the clock to the end of the current sleep, lets the sleeper go on and waits for its next sleep. */
  async wake(): Promise<number> {
    await this.asleep();
    const sleeper = this.#sleeper;
    this.#sleeper = undefined;
    this.instant += sleeper?.ms ?? 0;
    sleeper?.wake();
    return this.asleep();
  }
}
