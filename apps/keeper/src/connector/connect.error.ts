/** Kafka Connect refused a request; the message holds its status and its reason. */
export class ConnectRefusedError extends Error {
  readonly code = 'CONNECT_REFUSED';

  constructor(
    readonly status: number,
    request: string,
    reason: string,
  ) {
    super(`Kafka Connect answered ${request} with ${status}: ${reason}`);
    this.name = 'ConnectRefusedError';
  }
}
