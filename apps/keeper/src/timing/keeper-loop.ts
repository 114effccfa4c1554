import type { Clock } from './clock.js';

/** One look at the thing that is kept; returns the milliseconds until the next one and never throws. */
export type Look = (signal: AbortSignal) => Promise<number>;

/** Looks at something again and again until it is stopped. */
export class KeeperLoop {
  readonly #stopping = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly look: Look,
  ) {}

  /** Begins with a first look at once; call it one time. */
  start(): void {
    this.#ended = this.#run(this.#stopping.signal);
  }

  /** Aborts a look that is under way and resolves when the loop has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.look(signal);
      await this.clock.sleep(pauseMs, signal);
    }
  }
}
