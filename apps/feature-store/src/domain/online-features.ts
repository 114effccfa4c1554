import type { ResolvedRequest } from './feature-request.js';
import type { Feature, FeatureValue } from './feature-view.js';

/** Whether a value is served: the entity is unknown, or its last event is older than the view's lifetime. */
export type FeatureStatus = 'PRESENT' | 'NOT_FOUND' | 'OUTSIDE_MAX_AGE';

/** One feature for all entities, in the order asked: Feast's answer goes by column. */
export interface FeatureVector {
  readonly values: (FeatureValue | null)[];
  readonly statuses: FeatureStatus[];
  /** RFC 3339; the epoch where there is no event. */
  readonly event_timestamps: string[];
}

/** Feast's answer: `results[i]` belongs to `feature_names[i]`. */
export interface OnlineFeatures {
  readonly metadata: { readonly feature_names: string[] };
  readonly results: FeatureVector[];
}

const NO_EVENT = new Date(0).toISOString();

/** Answers a request from what is known of its entities; values that are not PRESENT are null. */
export function onlineFeatures<State>(
  { view, features, ids, names }: ResolvedRequest<State>,
  states: ReadonlyMap<string, State>,
  now: Date,
): OnlineFeatures {
  const statusOf = (state: State | undefined): FeatureStatus => {
    if (state === undefined) return 'NOT_FOUND';
    return now.getTime() - view.eventTimeOf(state).getTime() > view.ttlMs ? 'OUTSIDE_MAX_AGE' : 'PRESENT';
  };
  const found = ids.map((id) => states.get(id));
  const statuses = found.map(statusOf);
  const eventTimestamps = found.map((state) => (state ? view.eventTimeOf(state).toISOString() : NO_EVENT));
  const vectorOf = (feature: Feature<State>): FeatureVector => ({
    values: found.map((state, row) => (state && statuses[row] === 'PRESENT' ? feature.valueOf(state) : null)),
    statuses,
    event_timestamps: eventTimestamps,
  });
  const entity: FeatureVector = {
    values: [...ids],
    statuses: ids.map(() => 'PRESENT'),
    event_timestamps: ids.map(() => NO_EVENT),
  };
  return { metadata: { feature_names: [...names] }, results: [entity, ...features.map(vectorOf)] };
}
