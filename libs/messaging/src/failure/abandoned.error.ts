/** The partition was lost or the consumer stops: whatever is not terminal stays so and is delivered again. */
export class AbandonedError extends Error {
  readonly code = 'ABANDONED';
  override readonly name = 'AbandonedError';
}

/** Throws `AbandonedError` once the signal has fired. */
export function assertOwned(signal: AbortSignal): void {
  if (signal.aborted) throw new AbandonedError();
}
