import type { Sight } from '../watch/sight.js';

/** What was certainly on the log at an instant; both in milliseconds since the epoch. */
export interface PublishedReading {
  readonly at: number;
  /** Every outbox row that was written earlier is on the log. */
  readonly publishedBefore: number;
}

interface Mark {
  readonly publishedBefore: number;
  /** Where the partitions ended after the reading, by topic. */
  readonly bounds: Sight['bounds'];
}

/** Marks kept at most: two hours at one every 20 seconds, and coarser from there. */
export const MOST_MARKS = 360;

/** How far the clocks of services, whose ids tell the time, and of the database may differ, in milliseconds. */
export const CLOCK_SLACK_MS = 10_000;

/**
 * Tells what a group must have handled. When everything older than an instant is on the log, it lies before the ends that
 * the log has afterwards; a group that stands at or beyond those ends has handled it, because it commits after the effect.
 * So an event that is late, behind a consumer that lags or has never read, is never taken for one that is missing.
 */
export class PublishedMarks {
  #reading: PublishedReading | undefined;
  #marks: Mark[] = [];
  readonly #handled = new Map<string, number>();

  /** Notes what is published; the next look that begins later makes it a mark, and until then no other is taken. */
  read(reading: PublishedReading): void {
    this.#reading ??= reading;
  }

  /** Notes a look at the log. */
  seen({ at, bounds }: Sight): void {
    const reading = this.#reading;
    if (!reading || at < reading.at) return;
    this.#reading = undefined;
    this.#marks.push({ publishedBefore: reading.publishedBefore, bounds });
    const half = this.#marks.length >> 1;
    if (this.#marks.length > MOST_MARKS)
      this.#marks = this.#marks.filter((_, index) => index >= half || index % 2 === 0);
  }

  /**
   * The instant before which the group has handled every event of its topics; undefined while nothing is known. Never
   * goes back, although its positions may: what took effect stays in effect.
   */
  handledBefore(group: string, topics: readonly string[], sight: Sight): number | undefined {
    const passed = this.#marks.findLast(({ bounds }) =>
      topics.every((topic) =>
        (bounds.get(topic) ?? []).every(
          (partition) => positionNow(sight, group, partition) >= partition.high,
        ),
      ),
    );
    const before = this.#handled.get(group);
    if (!passed) return before;
    const handled = Math.max(before ?? -Infinity, passed.publishedBefore - CLOCK_SLACK_MS);
    this.#handled.set(group, handled);
    return handled;
  }
}

/** Where the group stands now: without a commit at the oldest record that is left now. */
function positionNow(
  { bounds, position }: Sight,
  group: string,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): bigint {
  const now = bounds.get(topic)?.find((one) => one.partition === partition);
  return now ? position(group, now) : -1n;
}
