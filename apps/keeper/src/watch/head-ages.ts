import type { KafkaOffsets, LogBounds } from '@millrace/messaging';
import { AppendTimes } from './append-times.js';
import type { Sight } from './sight.js';

/** Questions of a look to the brokers about one topic at most; eight find an age within a week to 5 %. */
const MOST_QUESTIONS = 10;

/** A record of which the age is wanted: the first that a group has not committed. */
export interface Head {
  readonly partition: LogBounds;
  readonly offset: bigint;
  /** How long the topic keeps its records, in milliseconds: the age of what nobody can tell better. */
  readonly retentionMs: number;
}

/** Knows how old the records of all partitions are, with as few questions to the brokers as possible. */
export class HeadAges {
  readonly #times = new Map<string, AppendTimes>();

  constructor(
    /** Pause between two looks in milliseconds: no age is known better. */
    private readonly lookMs: number,
  ) {}

  /** How many marks are kept of all partitions. */
  get size(): number {
    return [...this.#times.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Learns from a look where the partitions end, and asks about the heads that are older than what was seen so far. */
  async learn(sight: Sight, heads: readonly Head[], offsets: KafkaOffsets): Promise<void> {
    for (const [, partitions] of sight.bounds)
      for (const partition of partitions) this.#of(partition).note({ at: sight.at, end: partition.high });
    const topics = Map.groupBy(heads, ({ partition }) => partition.topic);
    await Promise.all([...topics].map(([topic, those]) => this.#ask(topic, those, sight.at, offsets)));
    this.#forget(sight, heads);
  }

  /** Age of a head in milliseconds. */
  age({ partition, offset, retentionMs }: Head, now: number): number {
    return this.#of(partition).ageAt(offset, now, retentionMs);
  }

  async #ask(topic: string, heads: readonly Head[], now: number, offsets: KafkaOffsets): Promise<void> {
    for (let questions = 0; questions < MOST_QUESTIONS; questions += 1) {
      const [instant] = heads.flatMap(({ partition, offset, retentionMs }) => {
        const unsure = this.#of(partition).unsureOf(offset, now, retentionMs, this.lookMs);
        return unsure === undefined ? [] : [unsure];
      });
      if (instant === undefined) return;
      for (const { partition, offset } of await offsets.firstSince(topic, instant))
        this.#of({ topic, partition }).note({ at: instant, end: offset });
    }
  }

  #forget({ bounds }: Sight, heads: readonly Head[]): void {
    const waiting = Map.groupBy(heads, ({ partition }) => keyOf(partition));
    for (const partition of [...bounds.values()].flat()) {
      const least = (waiting.get(keyOf(partition)) ?? [])
        .map(({ offset }) => offset)
        .reduce((one, other) => (one < other ? one : other), partition.high);
      this.#of(partition).forgetBefore(least);
    }
  }

  #of(partition: Pick<LogBounds, 'topic' | 'partition'>): AppendTimes {
    const times = this.#times.get(keyOf(partition)) ?? new AppendTimes();
    this.#times.set(keyOf(partition), times);
    return times;
  }
}

function keyOf({ topic, partition }: Pick<LogBounds, 'topic' | 'partition'>): string {
  return `${topic}:${partition}`;
}
