import { DEAD_LETTER_RETENTION_MS } from '@millrace/contracts';
import { logger } from '@millrace/telemetry';
import type { ConsumerEnvironment } from './consumer-environment.js';

const EVERY_MS = 3_600_000;

const log = logger('millrace.housekeeping');

/** Forgets, hourly, what ended failures and parked records quote, when their dead letters are gone too; several processes at once do no harm. */
export class Housekeeping {
  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly stopped: AbortSignal,
  ) {}

  start(): void {
    void this.repeat();
  }

  private async repeat(): Promise<void> {
    const { clock, store, options } = this.environment;
    for (;;) {
      await clock.sleep(EVERY_MS, this.stopped);
      if (this.stopped.aborted) return;
      try {
        await store.purge(options.group, clock.now() - DEAD_LETTER_RETENTION_MS);
      } catch (error) {
        log.warn({ group: options.group, err: error }, 'failures not purged; the next hour repeats it');
      }
    }
  }
}
