import type { Member } from '../drain-fleet/service-tables.js';

/** A whole fleet that takes orders. */
export interface FleetSide {
  readonly name: string;
  /** Its five consumers. */
  readonly members: readonly Member[];
  /** Schema and table of the order service's outbox. */
  readonly outbox: string;
  /** A rate that it certainly keeps, to warm up and to begin with. */
  readonly firstRate: number;
  /** Starts everything but what every stack runs; resolves with the URL of the order service. */
  start(): Promise<string>;
  /** Stops and removes what `start` made; safe to call after a start that failed. */
  stop(): Promise<void>;
  /** Name → pid of its processes. */
  pids(): Readonly<Record<string, number>>;
}
