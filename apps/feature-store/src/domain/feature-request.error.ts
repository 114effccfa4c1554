/** A request for features that cannot be answered; the message names what exists. */
export class FeatureRequestError extends Error {
  override readonly name = 'FeatureRequestError';

  constructor(
    readonly code: 'unknown-feature' | 'repeated-feature' | 'unknown-entity' | 'missing-entity',
    message: string,
  ) {
    super(message);
  }
}
