/** A PromQL expression that cannot mean anything: it does not parse, or asks for what nobody exports. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';

  constructor(
    readonly code: 'SYNTAX' | 'METRIC' | 'LABEL',
    message: string,
  ) {
    super(message);
  }
}
