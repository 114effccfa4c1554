/** A recovery is not needed, or cannot go on; the message says why. */
export class RecoverError extends Error {
  readonly code = 'RECOVER';

  constructor(message: string) {
    super(message);
    this.name = 'RecoverError';
  }
}
