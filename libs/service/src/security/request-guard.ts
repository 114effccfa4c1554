import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ProblemError } from '../http/problem.error.js';
import { scopeFor, type GuardedRoute } from './access.decorator.js';
import { Authenticator, type Caller } from './authenticator.js';
import { rateLimiter } from './rate-limiter.js';
import type { SecurityConfig, TokenRules } from './security.config.js';
import { accessUndeclared, scopeMissing } from './token-refusals.js';

/** The API's description tells what the sources tell; it declares nothing because the framework makes its routes. */
const DESCRIPTION = /^\/docs(-json)?(\/|$)/;

/**
 * Stands before every route, before its body is read: believes or refuses the token, counts the request for its
 * client (the token's subject, else the address), then asks for the scope that the route declares. What is off costs
 * nothing; health and other open routes are never counted.
 */
export function guardRequests(server: FastifyInstance, service: string, config: SecurityConfig): void {
  const { tokens, rateLimit } = config;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const clientOf = (request: FastifyRequest) => clientNamed(callers.get(request), request.ip);
  const limit = rateLimit === 'off' ? undefined : rateLimiter(server, rateLimit, clientOf);
  const identify = tokens === 'off' ? undefined : identification(tokens, callers);
  if (!limit && !identify) return;
  server.addHook('onRequest', async (request) => {
    if (accessOf(request) === 'open') return;
    const refusal = request.is404 ? undefined : await identify?.(request);
    await limit?.(request);
    if (refusal) throw refusal;
    if (identify && !request.is404) authorize(request, service, callers.get(request));
  });
}

function clientNamed(caller: Caller | undefined, address: string): string {
  return caller ? `subject ${caller.subject}` : `address ${address}`;
}

/** Notes the caller of a request; returns the problem of one that has none, so that it is counted all the same. */
function identification(rules: TokenRules, callers: WeakMap<FastifyRequest, Caller>) {
  const authenticator = new Authenticator(rules);
  return async (request: FastifyRequest): Promise<ProblemError | undefined> => {
    try {
      callers.set(request, await authenticator.callerOf(request.headers.authorization));
      return undefined;
    } catch (error) {
      return error as ProblemError;
    }
  };
}

function authorize(request: FastifyRequest, service: string, caller: Caller | undefined): void {
  const kind = accessOf(request);
  if (kind === undefined) throw accessUndeclared();
  const scope = scopeFor(kind, service);
  if (scope !== undefined && !caller?.scopes.has(scope)) throw scopeMissing(scope);
}

function accessOf({ routeOptions: { config, url } }: FastifyRequest): GuardedRoute['access'] | undefined {
  if (DESCRIPTION.test(url ?? '')) return 'open';
  return (config as Partial<GuardedRoute> | undefined)?.access;
}
