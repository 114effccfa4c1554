/**
 * Another transaction decided about the same order between our look and our write. Nothing was written: the code is that
 * of a serialization failure, so that whoever runs the work runs it again, and a caller over HTTP is told to.
 */
export class ConcurrentChangeError extends Error {
  readonly code = '40001';
  override readonly name = 'ConcurrentChangeError';

  constructor() {
    super('an order was decided about by another transaction at the same time');
  }
}
