import { FeatureRequestError } from './feature-request.error.js';
import type { Feature, FeatureView } from './feature-view.js';

/** Features asked of a number of entities, as Feast's HTTP request names them. */
export interface FeatureRequest {
  readonly features: readonly string[];
  readonly entities: Readonly<Record<string, readonly string[]>>;
  readonly full_feature_names?: boolean;
}

/** A request whose names are all known. */
export interface ResolvedRequest<State> {
  readonly view: FeatureView<State>;
  readonly features: readonly Feature<State>[];
  /** Ids of the entities, in the order asked, repetitions included. */
  readonly ids: readonly string[];
  /** Names that the answer carries, the entity's first. */
  readonly names: readonly string[];
}

/** Looks up everything that a request names; throws `FeatureRequestError` naming what exists. */
export function resolveRequest<State>(
  request: FeatureRequest,
  view: FeatureView<State>,
): ResolvedRequest<State> {
  const features = request.features.map((reference) => featureOf(reference, view));
  const repeated = features.find(({ name }, index) => features.findIndex((f) => f.name === name) !== index);
  if (repeated) {
    throw new FeatureRequestError('repeated-feature', `Ask for ${view.name}:${repeated.name} only once.`);
  }
  const names = features.map(({ name }) => (request.full_feature_names ? `${view.name}__${name}` : name));
  return { view, features, ids: idsOf(request.entities, view), names: [view.entity, ...names] };
}

function featureOf<State>(reference: string, view: FeatureView<State>): Feature<State> {
  const [viewName, name, ...rest] = reference.split(':');
  const feature = viewName === view.name && rest.length === 0 ? view.feature(name ?? '') : undefined;
  if (feature) return feature;
  throw new FeatureRequestError(
    'unknown-feature',
    `There is no feature '${reference}'; there are ${view.references.join(', ')}.`,
  );
}

function idsOf<State>(entities: FeatureRequest['entities'], view: FeatureView<State>): readonly string[] {
  const unknown = Object.keys(entities).find((name) => name !== view.entity);
  if (unknown !== undefined) {
    throw new FeatureRequestError(
      'unknown-entity',
      `There is no entity '${unknown}'; there is ${view.entity}.`,
    );
  }
  const ids = entities[view.entity];
  if (ids) return ids;
  throw new FeatureRequestError('missing-entity', `Say which ${view.entity} the features are asked for.`);
}
