import { logger } from '@millrace/telemetry';
import type { Clock } from '../ports/clock.js';
import { assertOwned } from './abandoned.error.js';
import { isError } from './is-error.js';

const FIRST_PROBE_MS = 100;
const LAST_PROBE_MS = 2_000;

const log = logger('millrace.hold');

/**
 * HOLD: while a dependency is away nothing is dispatched, one prober asks until it answers, and no attempt is
 * spent. All partitions of a consumer wait at the same gate.
 */
export class HoldGate {
  private holding: Promise<void> | undefined;
  private why: string | null = null;

  constructor(
    private readonly group: string,
    private readonly clock: Clock,
    private readonly stopped: AbortSignal,
  ) {}

  /** Why the consumer holds, or null when it works. */
  get reason(): string | null {
    return this.why;
  }

  /** Waits while the consumer holds. */
  async passed(): Promise<void> {
    while (this.holding) await this.holding;
  }

  /**
   * Shuts the gate until the probe succeeds; joins the hold that is under way, if there is one. Throws
   * `AbandonedError` when the consumer stops meanwhile.
   */
  async hold(error: unknown, probe: () => Promise<void>): Promise<void> {
    this.holding ??= this.probeUntilAnswered(error, probe).finally(() => {
      this.holding = undefined;
      this.why = null;
    });
    await this.holding;
    assertOwned(this.stopped);
  }

  private async probeUntilAnswered(error: unknown, probe: () => Promise<void>): Promise<void> {
    this.why = isError(error) ? error.name : 'unknown';
    const since = this.clock.now();
    log.warn({ group: this.group, err: error }, 'holding: a dependency is away');
    for (let wait = FIRST_PROBE_MS; ; wait = Math.min(wait * 2, LAST_PROBE_MS)) {
      await this.clock.sleep(wait, this.stopped);
      if (this.stopped.aborted) return;
      try {
        await probe();
        log.info({ group: this.group, heldMs: this.clock.now() - since }, 'dependency answers again');
        return;
      } catch {
        // Still away; the next probe comes later.
      }
    }
  }
}
