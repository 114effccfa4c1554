import { classifyError } from '../failure/error-classifier.js';

/** True when a new consumer may succeed where this one crashed: a connection, a coordinator, a retriable answer. */
export function isConnectionError(error: Error): boolean {
  if ('retriable' in error && error.retriable === true) return true;
  return classifyError(error) === 'infrastructure';
}
