import type { Slot } from '../store/slot-store.js';
import type { Clock } from '../timing/clock.js';
import type { SlotVerdict } from './slot-verdict.js';

/** How long in milliseconds the slot may go unseen, or unread while the connector runs, before the keeper is not ready. */
export const PATIENCE_MS = 15_000;

/** What is known of the slot. */
export interface SlotCondition {
  readonly ok: boolean;
  /** What is wrong and what to do. */
  readonly reason?: string;
  readonly trusted: boolean;
  readonly present: boolean;
  readonly active: boolean;
  readonly lost: boolean;
  readonly lagBytes: number;
  readonly retainedBytes: number;
  /** Undefined when it is unlimited. */
  readonly safeBytes: number | undefined;
  /** Age in seconds of the oldest row that the slot has not confirmed, by schema. */
  readonly oldestSeconds: ReadonlyMap<string, number>;
}

/** Remembers what the looks found, for readiness and metrics. */
export class SlotStatus {
  #slot: Slot | undefined;
  #verdict: SlotVerdict | undefined;
  #seenAt: number;
  #readAt: number;
  #failure: string | undefined;
  #oldest: ReadonlyMap<string, number> = new Map();

  constructor(private readonly clock: Clock) {
    this.#seenAt = clock.now();
    this.#readAt = clock.now();
  }

  /** Notes a look; true when it found something else than the one before. */
  seen(slot: Slot | undefined, verdict: SlotVerdict): boolean {
    const before = this.#verdict;
    this.#slot = slot;
    this.#verdict = verdict;
    this.#failure = undefined;
    this.#seenAt = this.clock.now();
    if (slot?.active) this.#readAt = this.#seenAt;
    return before?.kind !== verdict.kind || before.problem !== verdict.problem;
  }

  /** Notes a look that failed. */
  failed(problem: string): void {
    this.#failure = problem;
  }

  /** Notes the ages of the oldest rows. */
  measured(oldest: ReadonlyMap<string, number>): void {
    this.#oldest = oldest;
  }

  /** What is known now. */
  condition(connectorRuns: boolean): SlotCondition {
    const reason = this.#reason(connectorRuns);
    return {
      ok: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      trusted: this.#verdict?.kind === 'trusted' || this.#verdict?.kind === 'unproven',
      present: this.#slot !== undefined,
      active: this.#slot?.active ?? false,
      lost: (this.#slot?.lost ?? null) !== null,
      lagBytes: this.#slot?.lagBytes ?? 0,
      retainedBytes: this.#slot?.retainedBytes ?? 0,
      safeBytes: this.#slot?.safeBytes ?? undefined,
      oldestSeconds: this.#oldest,
    };
  }

  #reason(connectorRuns: boolean): string | undefined {
    const now = this.clock.now();
    if (!this.#verdict) return this.#failure ?? 'the slot has not been looked at yet';
    if (this.#verdict.kind === 'broken' || this.#verdict.kind === 'unprepared') return this.#verdict.problem;
    if (now - this.#seenAt > PATIENCE_MS) return this.#failure ?? 'the slot has not been seen for long';
    if (connectorRuns && now - this.#readAt > PATIENCE_MS)
      return 'the connector runs, but nobody reads the slot';
    return undefined;
  }
}
