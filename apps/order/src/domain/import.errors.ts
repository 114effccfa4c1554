/** Another import of the batch is under way, here or in another process. */
export class BatchBusyError extends Error {
  readonly code = 'batch-busy';
  override readonly name = 'BatchBusyError';

  constructor(readonly batchId: string) {
    super('another import of this batch is under way');
  }
}

/** This import lost its batch to another one, because the connection that held its lock broke. */
export class BatchLostError extends Error {
  readonly code = 'batch-lost';
  override readonly name = 'BatchLostError';

  constructor(readonly batchId: string) {
    super('another import has taken this batch over');
  }
}
