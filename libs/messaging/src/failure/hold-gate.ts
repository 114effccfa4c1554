import { logger } from '@millrace/telemetry';
import type { Clock } from '../ports/clock.js';
import { AbandonedError, assertOwned } from './abandoned.error.js';
import { isError } from './is-error.js';

/** How a hold asks whether it may end; times in milliseconds. */
interface Probing {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Probes after which the hold ends although none succeeded. */
  readonly atMost: number;
}

const INFRASTRUCTURE: Probing = { firstMs: 100, lastMs: 2_000, atMost: Infinity };
const SYSTEMIC: Probing = { firstMs: 1_000, lastMs: 16_000, atMost: 5 };

/** Why a consumer holds that is not waiting for a dependency. */
export const SYSTEMIC_FAILURE = 'SYSTEMIC';

const log = logger('millrace.hold');

/**
 * HOLD: nothing is dispatched, one prober asks until it may go on, and no attempt is spent. All partitions of a
 * consumer wait at the same gate. It has two ways in: a dependency is away (infrastructure), or most records fail
 * (SYSTEMIC), and then one record after the other is the probe.
 */
export class HoldGate {
  private holding: Promise<boolean> | undefined;
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
    await (this.holding ?? this.shut(isError(error) ? error.name : 'unknown', error, probe, INFRASTRUCTURE));
    assertOwned(this.stopped);
  }

  /**
   * Shuts the gate with one record as the probe. Resolves with `gave-up` when that record kept failing, so that it
   * should make way for another one, and with `joined` when another hold was under way, after which the record is to
   * be tried again.
   */
  async holdSystemic(error: unknown, probe: () => Promise<void>): Promise<'answered' | 'gave-up' | 'joined'> {
    const joined = this.holding;
    const answered = await (joined ?? this.shut(SYSTEMIC_FAILURE, error, probe, SYSTEMIC));
    assertOwned(this.stopped);
    if (joined) return 'joined';
    return answered ? 'answered' : 'gave-up';
  }

  private shut(
    reason: string,
    error: unknown,
    probe: () => Promise<void>,
    probing: Probing,
  ): Promise<boolean> {
    this.why = reason;
    this.holding = this.probeUntilAnswered(error, probe, probing).finally(() => {
      this.holding = undefined;
      this.why = null;
    });
    return this.holding;
  }

  private async probeUntilAnswered(
    error: unknown,
    probe: () => Promise<void>,
    { firstMs, lastMs, atMost }: Probing,
  ): Promise<boolean> {
    const since = this.clock.now();
    log.warn({ group: this.group, reason: this.why, err: error }, 'holding');
    let wait = firstMs;
    for (let probes = 1; probes <= atMost; probes += 1) {
      await this.clock.sleep(wait, this.stopped);
      if (this.stopped.aborted) return false;
      try {
        await probe();
        log.info({ group: this.group, heldMs: this.clock.now() - since }, 'going on');
        return true;
      } catch (failed) {
        // Not yet; the next probe comes later, unless the record that probes is somebody else's by now.
        if (failed instanceof AbandonedError) return false;
      }
      wait = Math.min(wait * 2, lastMs);
    }
    return false;
  }
}
