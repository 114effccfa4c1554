import type { KafkaOffsets } from '@millrace/messaging';
import { reasonOf } from '../reason-of.js';
import type { Clock } from '../timing/clock.js';
import type { KeeperLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import { untilAborted } from '../timing/until-aborted.js';
import type { WatchTimes } from './partition-watch.js';
import { lookAt, type Sight } from './sight.js';
import { Standings, type Standing } from './standings.js';
import { StatusChanges } from './status-changes.js';
import type { WatchedTopic } from './watched-topics.js';

/** Pause after a look that took its whole time, as a part of the time between two looks. */
const LEAST_PAUSE = 5;

/** What the watch needs. */
export interface GroupWatchParts {
  /** Connects to the brokers. */
  readonly connect: () => Promise<KafkaOffsets>;
  readonly watched: readonly WatchedTopic[];
  readonly times: WatchTimes;
  readonly clock: Clock;
  readonly log: KeeperLog;
}

/** What the last complete look found. */
export interface WatchView {
  readonly standings: readonly Standing[];
  /** Members by group. */
  readonly members: ReadonlyMap<string, number>;
  /** Seconds since that look began; before the first since the start. */
  readonly ageSeconds: number;
}

/**
 * Looks at all groups of the fleet again and again: one process for all, on one connection. A look that fails changes
 * nothing but the age of the last one, is logged once, and the next begins with a new connection.
 */
export class GroupWatch {
  readonly #loop: KeeperLoop;
  readonly #standings: Standings;
  readonly #changes: StatusChanges;
  #connection: Promise<KafkaOffsets> | undefined;
  #last: Sight | undefined;
  #found: readonly Standing[] = [];
  #seenAt: number;
  #blind = false;

  constructor(private readonly parts: GroupWatchParts) {
    this.#loop = new KeeperLoop(parts.clock, (signal) => this.#look(signal));
    this.#standings = new Standings(parts.watched, parts.times);
    this.#changes = new StatusChanges(parts.log);
    this.#seenAt = parts.clock.now();
  }

  /** Begins with a look at once. */
  start(): void {
    this.#loop.start();
  }

  /** Gives up a look that is under way, and resolves when the connection has ended. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#disconnect();
  }

  /** The last complete look. */
  view(): WatchView {
    return {
      standings: this.#found,
      members: this.#last?.members ?? new Map(),
      ageSeconds: (this.parts.clock.now() - this.#seenAt) / 1_000,
    };
  }

  /** What the last complete look saw; undefined before the first. */
  sight(): Sight | undefined {
    return this.#last;
  }

  async #look(signal: AbortSignal): Promise<number> {
    const { clock, times } = this.parts;
    const began = clock.now();
    try {
      await untilAborted(this.#see(), signal);
      if (this.#blind) this.parts.log.info({}, 'consumer groups are seen again');
      this.#blind = false;
    } catch (error) {
      if (!signal.aborted) await this.#missed(error);
    }
    // looks begin so often, however long they take: the window is made of them
    return Math.max(times.lookMs / LEAST_PAUSE, times.lookMs - (clock.now() - began));
  }

  async #see(): Promise<void> {
    const { connect, watched, clock } = this.parts;
    this.#connection ??= connect();
    const offsets = await this.#connection;
    const sight = await lookAt(offsets, watched, clock.now());
    this.#found = await this.#standings.judge(sight, offsets);
    this.#last = sight;
    this.#seenAt = sight.at;
    this.#changes.tell(this.#found);
  }

  async #missed(error: unknown): Promise<void> {
    await this.#disconnect();
    if (!this.#blind) this.parts.log.warn({ problem: reasonOf(error) }, 'consumer groups cannot be seen');
    this.#blind = true;
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then((offsets) => offsets.close()).catch(() => undefined);
  }
}
