import { types } from 'node:util';

/** True for every error, also for one of another realm (`vm`), whose class is not this one's `Error`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
