import { setTimeout as sleep } from 'node:timers/promises';
import { logger } from '@millrace/telemetry';
import type { Outcome, OutgoingStore } from '../store/outgoing.store.js';

const RETRY_MS = 250;

/** Writes outcomes in groups: those that arrive while a statement runs share the next one. */
export class OutcomeWriter {
  private readonly log = logger('outcomes');
  private waiting: Outcome[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly outgoing: OutgoingStore,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Resolves when the outcome is written. While the database is away it tries again, until the sender stops: then
   * the row's lease ends and the mail is sent once more.
   */
  async write(outcome: Outcome): Promise<void> {
    this.waiting.push(outcome);
    while (this.waiting.includes(outcome)) {
      this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
      await this.writing;
    }
  }

  private async writeAll(): Promise<void> {
    const outcomes = this.waiting;
    this.waiting = [];
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.outgoing.settle(outcomes);
      } catch (error) {
        if (failures === 1) this.log.warn({ err: error }, 'outcomes cannot be written, trying again');
        if (this.stopping.aborted) return;
        await sleep(RETRY_MS, undefined, { signal: this.stopping }).catch(() => undefined);
      }
    }
  }
}
