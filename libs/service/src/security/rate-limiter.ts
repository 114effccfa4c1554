import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.error.js';
import type { RateLimit } from './security.config.js';

/** Clients whose requests an instance counts; beyond that, the one that was silent for longest is forgotten. */
const CLIENTS = 10_000;

/** Counts a request of a client; rejects with a 429 problem when it had its share of the window. */
export type RateLimiter = (request: FastifyRequest) => Promise<void>;

/** A limiter that keeps its counts in this process; `clientOf` names the client of a request. */
export function rateLimiter(
  server: FastifyInstance,
  { requests, windowMs }: RateLimit,
  clientOf: (request: FastifyRequest) => string,
): RateLimiter {
  let count: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  server.register(rateLimit, { global: false, cache: CLIENTS });
  server.after(() => {
    count = server.createRateLimit({ max: requests, timeWindow: windowMs, keyGenerator: clientOf });
  });
  return async (request) => {
    const result = await count?.(request);
    if (result && !result.isAllowed && result.isExceeded)
      throw tooMany(requests, windowMs, result.ttlInSeconds);
  };
}

function tooMany(requests: number, windowMs: number, retryAfterSeconds: number): ProblemError {
  return new ProblemError({
    status: 429,
    code: 'too-many-requests',
    title: 'Too many requests',
    detail: `One client may send ${requests} requests in ${windowMs} ms.`,
    retryAfterSeconds,
  });
}
