import type { logger } from '@millrace/telemetry';

/** A trouble that may last: logged when it begins and when it ends, not each time that it is met. */
export class Trouble {
  private since: number | undefined;

  constructor(
    private readonly log: ReturnType<typeof logger>,
    private readonly message: string,
  ) {}

  /** True from the first time that it is met until it is over. */
  get present(): boolean {
    return this.since !== undefined;
  }

  /** It is met, for this reason. */
  met(reason: unknown): void {
    if (this.present) return;
    this.since = Date.now();
    this.log.warn({ err: reason }, this.message);
  }

  /** It is over, if it was there at all. */
  over(): void {
    if (this.since === undefined) return;
    this.log.info({ lastedMs: Date.now() - this.since }, `over: ${this.message}`);
    this.since = undefined;
  }
}
