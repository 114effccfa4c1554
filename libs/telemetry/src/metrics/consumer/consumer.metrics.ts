import { counter, observeGauges } from '../instrument.js';

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

const OUTCOMES: readonly AttemptOutcome[] = ['done', 'retry', 'delayed', 'parked', 'dead', 'hold'];

const duplicates = counter('millrace.inbox.duplicates');
const attempts = counter('millrace.attempts');
const jumps = counter('millrace.consumer.skipped.offsets');
const rebalances = counter('millrace.consumer.rebalances');

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

/** Counts a generation of the group that this process has joined. */
export function countRebalance(group: string, count = 1): void {
  rebalances().add(count, { group });
}

/** Shows a consumer's counters at 0: a series that is born at 1 has no increase for an alert to see. */
export function preregisterConsumer(group: string, topics: readonly string[]): void {
  countRebalance(group, 0);
  for (const topic of topics) {
    countDuplicates({ group, topic }, 0);
    countOffsetJump({ group, topic }, 0);
    for (const outcome of OUTCOMES) countAttempts({ group, topic }, outcome, 0);
  }
}

/** Has every scrape read the consumer's state; returns the function that ends it. */
export function observeConsumer(group: string, read: () => ConsumerState): () => void {
  return observeGauges(
    [
      'millrace.consumer.inflight',
      'millrace.consumer.paused.partitions',
      'millrace.parked.keys',
      'millrace.consumer.held',
    ],
    (observe) => {
      const { held, topics } = read();
      for (const { topic, inflight, pausedPartitions, parkedKeys } of topics) {
        observe('millrace.consumer.inflight', inflight, { group, topic });
        observe('millrace.consumer.paused.partitions', pausedPartitions, { group, topic });
        observe('millrace.parked.keys', parkedKeys, { group, topic });
      }
      const cause = held === null || held === 'SYSTEMIC' ? held : 'DEPENDENCY';
      for (const each of ['DEPENDENCY', 'SYSTEMIC'])
        observe('millrace.consumer.held', cause === each ? 1 : 0, { group, cause: each });
    },
  );
}
