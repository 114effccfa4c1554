/** An error that may pass: the record is tried again, then dead-lettered as EXHAUSTED. */
export class RetryableError extends Error {
  readonly code: string = 'RETRYABLE';
  override readonly name: string = 'RetryableError';
}

/** An error that no repetition mends: the record is dead-lettered at once as FATAL. */
export class FatalError extends Error {
  readonly code: string = 'FATAL';
  override readonly name: string = 'FatalError';
}

/** A record that cannot be read as an event: a header is missing or malformed, or the payload is not JSON. */
export class DecodeError extends FatalError {
  override readonly code = 'DECODE';
  override readonly name = 'DecodeError';
}

/** Consumer options, handlers or topics that exclude each other; the process must not start with them. */
export class ConsumerDefinitionError extends Error {
  readonly code = 'CONSUMER_DEFINITION';
  override readonly name = 'ConsumerDefinitionError';
}
