import { channel } from 'node:diagnostics_channel';

/**
 * Moments in the life of a record that a process can be observed at, or ended at by a test, through
 * `node:diagnostics_channel`; each is published synchronously, before the next step begins:
 *
 * - `batch.claimed`: the inbox has answered, the handlers have not run;
 * - `batch.handled`: the handlers are done, the transaction is not committed;
 * - `batch.committed`: the batch's transaction is durable, its offsets are not terminal yet;
 * - `offsets.committing`, `offsets.committed`: before and after a commit of offsets;
 * - `failure.recorded`: `failed_event` says retrying or dying, nothing was produced;
 * - `failure.published`: the broker has acknowledged the retry copy or the dead letter, the row does not say so;
 * - `failure.acknowledged`: the row says so, the offset is not terminal yet;
 * - `record.parked`: the parked row is durable, the offset is not terminal yet;
 * - `head.handled`: the handler of a parked head is done, its transaction is not committed;
 * - `head.committed`: the parked head's effect is durable, and with it its row is gone;
 * - `replay.armed`: a dead event was given to a replay, its record is not produced;
 * - `replay.published`: the broker has acknowledged the replayed record.
 */
export const OBSERVATION_POINTS = [
  'batch.claimed',
  'batch.handled',
  'batch.committed',
  'offsets.committing',
  'offsets.committed',
  'failure.recorded',
  'failure.published',
  'failure.acknowledged',
  'record.parked',
  'head.handled',
  'head.committed',
  'replay.armed',
  'replay.published',
] as const;

/** One of the moments that are published. */
export type ObservationPoint = (typeof OBSERVATION_POINTS)[number];

/** What is published at an observation point. */
export interface Observation {
  readonly group: string;
  /** Events that the step is about; empty for offsets. */
  readonly eventIds: readonly string[];
}

/** Name of the diagnostics channel of a point. */
export function channelOf(point: ObservationPoint): string {
  return `millrace:consumer:${point}`;
}

const channels = new Map(OBSERVATION_POINTS.map((point) => [point, channel(channelOf(point))]));

/** Publishes an observation; costs next to nothing while nobody listens. */
export function observe(point: ObservationPoint, group: string, events: () => readonly string[]): void {
  const listened = channels.get(point);
  if (listened?.hasSubscribers) listened.publish({ group, eventIds: events() } satisfies Observation);
}
