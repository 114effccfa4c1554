import { logger, observeDeadEvents, type DeadEvents } from '@millrace/telemetry';
import type { Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { DeadCount } from '../ports/failure.js';

const EVERY_MS = 5_000;

/** A look that took long is followed by a pause of that many times as long: counting is never what a database does. */
const PAUSE_FACTOR = 50;

const log = logger('millrace.dead-events');

/** What the watch works with. */
export interface DeadEventWatchSettings {
  readonly group: string;
  /** Source topics. */
  readonly topics: readonly string[];
  readonly store: Pick<ConsumerStore, 'deadEvents'>;
  readonly clock: Clock;
}

/** Looks every few seconds how many events are dead and unresolved, for the gauges; every process of a group sees the same. */
export class DeadEventWatch {
  private counts: readonly DeadCount[] | undefined;

  constructor(private readonly settings: DeadEventWatchSettings) {}

  /** Looks until the signal aborts. */
  start(stopped: AbortSignal): void {
    const forget = observeDeadEvents(this.settings.group, () => this.standing());
    stopped.addEventListener('abort', forget, { once: true });
    void this.repeat(stopped);
  }

  private async repeat(stopped: AbortSignal): Promise<void> {
    const { clock } = this.settings;
    while (!stopped.aborted) {
      const startedAt = clock.now();
      await this.look();
      await clock.sleep(Math.max(EVERY_MS, (clock.now() - startedAt) * PAUSE_FACTOR), stopped);
    }
  }

  private async look(): Promise<void> {
    const { store, group } = this.settings;
    try {
      this.counts = await store.deadEvents(group);
    } catch (error) {
      this.counts = undefined;
      log.debug({ group, err: error }, 'dead events not counted; the next look does');
    }
  }

  private standing(): readonly DeadEvents[] | undefined {
    const { topics, clock } = this.settings;
    const counts = this.counts;
    return counts && topics.map((topic) => standingOf(topic, counts, clock.now()));
  }
}

function standingOf(topic: string, counts: readonly DeadCount[], now: number): DeadEvents {
  const own = counts.filter((count) => count.topic === topic);
  const oldest = Math.min(now, ...own.map(({ oldestAt }) => oldestAt));
  return {
    topic,
    unresolved: new Map(own.map(({ reason, count }) => [reason, count])),
    oldestSeconds: (now - oldest) / 1_000,
  };
}
