/** Who replays what and why: one row per replay. */
export interface ReplayStarted {
  readonly replayId: string;
  readonly group: string;
  readonly topic: string;
  /** Who asked for it. */
  readonly by: string;
  /** Why. */
  readonly why: string;
  /** The filter as JSON, for people. */
  readonly filter: string;
  /** Whether outside effects (mails, webhooks) happen. */
  readonly outsideEffects: boolean;
}

/** How an event of a replay stands: sent and waiting, took effect, or died again. */
export type ReplayResult = 'sent' | 'done' | 'failed';

/** Counts of a replay's events by result. */
export type ReplayCounts = Readonly<Record<ReplayResult, number>>;

/**
 * What arming an event for a replay found: `armed` — publish it to the replay topic; `rearmed` — the dead head of a
 * blocked key, which its owner now drives in place; `not-dead` — there is nothing to replay.
 */
export type Armed = 'armed' | 'rearmed' | 'not-dead';
