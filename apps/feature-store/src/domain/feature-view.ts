/** A feature's value as JSON carries it; whole numbers beyond 2^53 as decimal text, times as RFC 3339. */
export type FeatureValue = string | number;

/** One feature of an entity, computed from what is known of it. */
export interface Feature<State> {
  readonly name: string;
  valueOf(state: State): FeatureValue;
}

/** Features that share an entity, a source and a lifetime. */
export interface FeatureView<State> {
  readonly name: string;
  /** Join key of the entity that the features describe. */
  readonly entity: string;
  /** Milliseconds after the last event for which its features are served. */
  readonly ttlMs: number;
  /** References of the features for people, `<view>:<feature>`; a placeholder stands in angle brackets. */
  readonly references: readonly string[];
  /** The feature of that name; undefined when the view has none. */
  feature(name: string): Feature<State> | undefined;
  /** Event time of the state: when the last event happened that shaped it. */
  eventTimeOf(state: State): Date;
}
