import { errorType } from '../tracing/failed.js';
import { histogram } from './instrument.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const requests = histogram('http.server.request.duration');
const statements = histogram('db.client.operation.duration');

/** Notes a request that was answered, in seconds; of a path without a route only that it had none. */
export function recordServerRequest(
  { method, route }: { readonly method: string; readonly route: string | undefined },
  status: number,
  seconds: number,
): void {
  requests().record(seconds, {
    'http.request.method': METHODS.has(method) ? method : '_OTHER',
    'http.route': route ?? 'none',
    'http.response.status_code': status,
  });
}

/** Notes a statement by its operation, one of a closed list, in seconds; an error is noted by its code. */
export function recordStatement(operation: string, seconds: number, error?: unknown): void {
  statements().record(seconds, {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    ...(error === undefined ? {} : { 'error.type': errorType(error) }),
  });
}
