import { reasonOf } from '../reason-of.js';

/** A server that a command needs does not let it in; the message says why and which variable points to it. */
export class UnreachableError extends Error {
  readonly code = 'UNREACHABLE';

  constructor(server: string, variable: string, cause: unknown) {
    super(`${server} cannot be reached (${reasonOf(cause)}): start it, or correct ${variable}.`);
    this.name = 'UnreachableError';
  }
}
