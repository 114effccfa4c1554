import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '@millrace/messaging';
import type { logger } from '@millrace/telemetry';

/** When work recurs and where its failures are told. */
export interface Recurrence {
  /** Pause after each look, milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Pick<ReturnType<typeof logger>, 'warn'>;
  /** What did not happen when a look fails; the next one repeats it. */
  readonly failure: string;
  /** Where the first look lies: at the start, or a pause after it. @default 'at-start' */
  readonly first?: 'at-start' | 'after-pause';
}

/** Work that a service does again and again until it stops; a look that fails is told and repeated after the pause. */
export abstract class RecurringWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #recurrence: Recurrence;
  readonly #stopping = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  protected constructor(recurrence: Recurrence) {
    this.#recurrence = recurrence;
  }

  onApplicationBootstrap(): void {
    this.#ended = this.#run(this.#stopping.signal);
  }

  /** Resolves when the look that is under way has ended; no other follows. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  /** Does the work once. */
  protected abstract look(): Promise<void>;

  /** Repeats a step that does at most `most` things until one does fewer, or the service stops; resolves with how many. */
  protected async inSteps(most: number, step: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let done = most; done === most && !this.#stopping.signal.aborted; total += done) done = await step();
    return total;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { everyMs, clock, log, failure, first } = this.#recurrence;
    if (first === 'after-pause') await clock.sleep(everyMs, signal);
    while (!signal.aborted) {
      await this.look().catch((err: unknown) => log.warn({ err }, `${failure}; the next look repeats it`));
      await clock.sleep(everyMs, signal);
    }
  }
}
