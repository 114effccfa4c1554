import { observeGauges } from './instrument.js';

const STATUSES = ['ok', 'warn', 'stop', 'stall', 'rewind'] as const;

/** How a group stands on a partition, as the last look found. */
export interface PartitionMeasures {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly status: (typeof STATUSES)[number];
  /** Records that are not committed. */
  readonly lag: number;
  /** Age of the first of them in seconds; 0 without lag. */
  readonly headAgeSeconds: number;
  /** Offsets that were deleted before they were committed. */
  readonly lostOffsets: number;
  /** Seconds until the first uncommitted record may be deleted; unset without lag. */
  readonly retentionLeftSeconds?: number | undefined;
}

/** What the watch over the consumer groups knows. */
export interface WatchMeasures {
  readonly standings: readonly PartitionMeasures[];
  /** Members by group. */
  readonly members: ReadonlyMap<string, number>;
  /** Seconds since the last complete look. */
  readonly ageSeconds: number;
}

/** Has every scrape read what the watch knows; returns the function that ends it. */
export function observeWatch(read: () => WatchMeasures): () => void {
  return observeGauges(
    [
      'millrace.consumer.lag',
      'millrace.consumer.head.age',
      'millrace.consumer.status',
      'millrace.consumer.group.members',
      'millrace.consumer.lost.offsets',
      'millrace.consumer.retention.left',
      'millrace.watch.age',
    ],
    (observe) => {
      const { standings, members, ageSeconds } = read();
      observe('millrace.watch.age', ageSeconds);
      for (const [group, count] of members) observe('millrace.consumer.group.members', count, { group });
      for (const { group, topic, partition, ...measures } of standings) {
        const place = { group, topic, partition };
        observe('millrace.consumer.lag', measures.lag, place);
        observe('millrace.consumer.head.age', measures.headAgeSeconds, place);
        observe('millrace.consumer.lost.offsets', measures.lostOffsets, place);
        if (measures.retentionLeftSeconds !== undefined)
          observe('millrace.consumer.retention.left', measures.retentionLeftSeconds, place);
        for (const status of STATUSES)
          observe('millrace.consumer.status', status === measures.status ? 1 : 0, { ...place, status });
      }
    },
  );
}
