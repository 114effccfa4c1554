import type { EffectBacklog } from './effect-backlog.js';
import type { Member } from './service-tables.js';

/** Somebody who can drain a backlog. */
export interface DrainSide {
  /** What waits for it. */
  readonly backlog: EffectBacklog;
  /** The consumers of those services. */
  members(services: readonly string[]): readonly Member[];
  /** Starts the consumers of those services, all at once. */
  start(services: readonly string[]): Promise<void>;
  /** Stops what runs; safe to call when nothing does. */
  stop(): Promise<void>;
  /** Name → pid of the consumers that run. */
  pids(): Readonly<Record<string, number>>;
  /** What it tells of itself once it has drained, in a few words; empty when nothing. */
  remarks(): Promise<string>;
}
