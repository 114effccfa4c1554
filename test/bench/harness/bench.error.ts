/** Why a benchmark could not be run, or what it measured cannot count. */
export type BenchErrorCode = 'ARGUMENTS' | 'CONTESTANT' | 'INCORRECT';

/** A benchmark that gives no numbers; the message says what to do or what was wrong. */
export class BenchError extends Error {
  override readonly name = 'BenchError';

  constructor(
    readonly code: BenchErrorCode,
    message: string,
  ) {
    super(message);
  }
}
