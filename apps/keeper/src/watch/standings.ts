import type { KafkaOffsets } from '@millrace/messaging';
import type { ConsumerStatus } from './consumer-status.js';
import { HeadAges, type Head } from './head-ages.js';
import { PartitionWatch, type WatchTimes } from './partition-watch.js';
import type { Sight } from './sight.js';
import type { WatchedTopic } from './watched-topics.js';

/** How a group stands on a partition. */
export interface Standing {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly status: ConsumerStatus;
  /** Records that it has not committed and that are still there. */
  readonly lag: number;
  /** Age of the first of them in seconds; 0 without lag. */
  readonly headAgeSeconds: number;
  /** Offsets that were deleted before it committed them. */
  readonly lostOffsets: number;
  /** Seconds until the first uncommitted record may be deleted; unset without lag. */
  readonly retentionLeftSeconds?: number;
}

interface Reading {
  readonly watched: WatchedTopic;
  readonly head: Head;
  readonly committed: bigint;
  readonly lag: number;
}

/** Turns looks into standings: keeps the windows of all groups and the ages of their first records. */
export class Standings {
  readonly #windows = new Map<string, PartitionWatch>();
  readonly #ages: HeadAges;

  constructor(
    private readonly watched: readonly WatchedTopic[],
    private readonly times: WatchTimes,
  ) {
    this.#ages = new HeadAges(times.lookMs);
  }

  /** Judges all groups after a look; asks the brokers for ages that the looks so far do not tell. */
  async judge(sight: Sight, offsets: KafkaOffsets): Promise<readonly Standing[]> {
    const readings = this.watched.flatMap((watched) => readingsOf(watched, sight));
    const heads = readings.filter(({ lag }) => lag > 0).map(({ head }) => head);
    await this.#ages.learn(sight, heads, offsets);
    return readings.map((reading) => this.#stand(reading, sight));
  }

  #stand({ watched, head, committed, lag }: Reading, { at, members }: Sight): Standing {
    const { group, topic, retentionMs } = watched;
    const { partition, low, high } = head.partition;
    const headAgeMs = lag > 0 ? this.#ages.age(head, at) : 0;
    const sample = { at, committed, lag, headAgeMs, members: members.get(group) ?? 0 };
    return {
      ...{ group, topic, partition, lag },
      status: this.#window(watched, partition).judge(sample, high),
      headAgeSeconds: headAgeMs / 1_000,
      lostOffsets: committed < low ? Number(low - committed) : 0,
      ...(lag > 0 ? { retentionLeftSeconds: Math.max(0, retentionMs - headAgeMs) / 1_000 } : {}),
    };
  }

  #window({ group, topic, delayMs }: WatchedTopic, partition: number): PartitionWatch {
    const key = `${group} ${topic}:${partition}`;
    const window = this.#windows.get(key) ?? new PartitionWatch(this.times, delayMs);
    this.#windows.set(key, window);
    return window;
  }
}

function readingsOf(watched: WatchedTopic, { bounds, position }: Sight): readonly Reading[] {
  const { group, topic, retentionMs } = watched;
  return (bounds.get(topic) ?? []).map((partition) => {
    const committed = position(group, partition);
    const offset = committed < partition.low ? partition.low : committed;
    const lag = Math.max(0, Number(partition.high - offset));
    return { watched, head: { partition, offset, retentionMs }, committed, lag };
  });
}
