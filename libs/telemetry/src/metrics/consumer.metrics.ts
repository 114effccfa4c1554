import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import { KAFKA, MessagingAttribute } from '../tracing/messaging-attributes.js';
import { errorType } from '../tracing/failed.js';
import { instrument, LATENCY_BUCKETS } from './instrument.js';

/** Where a record was consumed: the only labels of the consumers' metrics. */
export interface ConsumedFrom {
  readonly group: string;
  readonly topic: string;
}

/**
 * How one attempt at a record ended: it took effect, is tried again at once (`retry`) or from a retry topic
 * (`delayed`), waits for its key (`parked`), is dead, or was not to blame (`hold`).
 */
export type AttemptOutcome = 'done' | 'retry' | 'delayed' | 'parked' | 'dead' | 'hold';

/** What a consumer holds of one topic at the moment. */
export interface TopicState {
  readonly topic: string;
  /** Records fetched and not yet terminal. */
  readonly inflight: number;
  /** Partitions that are not fetched. */
  readonly pausedPartitions: number;
  /** Keys whose records wait for their head. */
  readonly parkedKeys: number;
}

/** How a consumer is doing at the moment. */
export interface ConsumerState {
  /** Why it holds; null when it works. */
  readonly held: string | null;
  readonly topics: readonly TopicState[];
}

const duplicates = instrument((meter) =>
  meter.createCounter('millrace.inbox.duplicates', {
    description: 'Records that the inbox already knew and that took no effect again',
  }),
);
const attempts = instrument((meter) =>
  meter.createCounter('millrace.attempts', { description: 'Attempts to handle a record, by outcome' }),
);
const jumps = instrument((meter) =>
  meter.createCounter('millrace.consumer.skipped.offsets', {
    description:
      'Offsets between the committed position and the first fetched record: records nobody handled',
  }),
);
const consumed = instrument((meter) =>
  meter.createCounter('messaging.client.consumed.messages', { description: 'Records that were fetched' }),
);
const processed = instrument((meter) =>
  meter.createHistogram('messaging.process.duration', {
    unit: 's',
    description: 'Time that the handling of a batch took',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  }),
);
const inflight = instrument((meter) =>
  meter.createObservableGauge('millrace.consumer.inflight', {
    description: 'Records fetched and not yet done, skipped, parked or dead',
  }),
);
const paused = instrument((meter) =>
  meter.createObservableGauge('millrace.consumer.paused.partitions', {
    description: 'Assigned partitions that are not fetched at the moment',
  }),
);
const parked = instrument((meter) =>
  meter.createObservableGauge('millrace.consumer.parked.keys', {
    description: 'Keys whose records wait for their head',
  }),
);
const held = instrument((meter) =>
  meter.createObservableGauge('millrace.consumer.held', {
    description: 'Whether the consumer holds, by cause: a dependency is away, or most records fail',
  }),
);
const meterOf = instrument((meter) => meter);

/** Counts records that the inbox skipped. */
export function countDuplicates({ group, topic }: ConsumedFrom, count = 1): void {
  duplicates().add(count, { group, topic });
}

/** Counts attempts (not records): a record that succeeds at the third try counts `retry` twice and `done` once. */
export function countAttempts({ group, topic }: ConsumedFrom, outcome: AttemptOutcome, count = 1): void {
  attempts().add(count, { group, topic, outcome });
}

/** Counts offsets that fetching passed over, because their records were deleted before anybody handled them. */
export function countOffsetJump({ group, topic }: ConsumedFrom, offsets: number): void {
  jumps().add(offsets, { group, topic });
}

/** Counts records as they are fetched. */
export function countConsumed(from: ConsumedFrom, count: number): void {
  consumed().add(count, conventional(from));
}

/** Notes how long a batch took, in seconds; an error is noted by its code. */
export function recordProcessDuration(from: ConsumedFrom, seconds: number, error?: unknown): void {
  processed().record(seconds, {
    ...conventional(from),
    ...(error === undefined ? {} : { [MessagingAttribute.ERROR_TYPE]: errorType(error) }),
  });
}

/**
 * Has every scrape read the consumer's state; returns the function that ends it.
 * A gauge keeps its last value, so name every topic of the group each time, also with 0.
 */
export function observeConsumer(group: string, read: () => ConsumerState): () => void {
  const gauges = { inflight: inflight(), paused: paused(), parked: parked(), held: held() };
  const observe = (result: BatchObservableResult): void => {
    const state = read();
    for (const { topic, ...load } of state.topics) {
      result.observe(gauges.inflight, load.inflight, { group, topic });
      result.observe(gauges.paused, load.pausedPartitions, { group, topic });
      result.observe(gauges.parked, load.parkedKeys, { group, topic });
    }
    const cause = state.held === null || state.held === 'SYSTEMIC' ? state.held : 'DEPENDENCY';
    for (const each of ['DEPENDENCY', 'SYSTEMIC'])
      result.observe(gauges.held, cause === each ? 1 : 0, { group, cause: each });
  };
  const meter = meterOf();
  const observed = Object.values(gauges);
  meter.addBatchObservableCallback(observe, observed);
  return () => {
    meter.removeBatchObservableCallback(observe, observed);
  };
}

function conventional({ group, topic }: ConsumedFrom): Attributes {
  return {
    [MessagingAttribute.SYSTEM]: KAFKA,
    [MessagingAttribute.OPERATION_NAME]: 'process',
    [MessagingAttribute.DESTINATION]: topic,
    [MessagingAttribute.GROUP]: group,
  };
}
