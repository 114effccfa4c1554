import type { KafkaOffsets, LogBounds } from '@millrace/messaging';
import type { WatchedTopic } from './watched-topics.js';

/** What one look saw of the log and of the groups. */
export interface Sight {
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
  /** Partitions by topic, of topics that exist. */
  readonly bounds: ReadonlyMap<string, readonly LogBounds[]>;
  /** Members by group. */
  readonly members: ReadonlyMap<string, number>;
  /** Offset of the next record that a group reads of a partition: what it committed, else the oldest record. */
  position(group: string, partition: LogBounds): bigint;
}

/**
 * Looks at all groups and topics. The ends are read before the positions: a position may have passed an end by then, but
 * a group that stands at or beyond an end had read everything that was there when the look began.
 */
export async function lookAt(
  offsets: KafkaOffsets,
  watched: readonly WatchedTopic[],
  at: number,
): Promise<Sight> {
  const groups = [...new Set(watched.map(({ group }) => group))];
  const partitions = await offsets.bounds([...new Set(watched.map(({ topic }) => topic))]);
  const committed = new Map(
    await Promise.all(groups.map(async (group) => [group, await positionsOf(offsets, group)] as const)),
  );
  const members = await offsets.members(groups);
  return {
    at,
    bounds: Map.groupBy(partitions, ({ topic }) => topic),
    members,
    position: (group, { topic, partition, low }) => committed.get(group)?.get(`${topic}:${partition}`) ?? low,
  };
}

async function positionsOf(offsets: KafkaOffsets, group: string): Promise<ReadonlyMap<string, bigint>> {
  const positions = await offsets.committed(group);
  return new Map(positions.map(({ topic, partition, offset }) => [`${topic}:${partition}`, offset]));
}
