import type { FastifyInstance } from 'fastify';

/** Answers are data for programs: no browser may guess their type, frame them, run anything in them or keep them. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Gives every answer these headers, except the pages of /docs, which are for browsers. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, _payload, done) => {
    if (!request.routeOptions.url?.startsWith('/docs')) reply.headers(HEADERS);
    done();
  });
}
