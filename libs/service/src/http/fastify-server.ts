import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addSecurityHeaders } from '../security/security-headers.js';
import { PROBLEM_MEDIA_TYPE, problemDocument, type Problem } from './problem.js';
import { ProblemError } from './problem.error.js';
import { problemOf, problemOfStatus } from './problem-of.js';
import { StreamedBodies } from './streamed-bodies.js';
import { traceRequests } from '../tracing/traced-requests.js';

/** Bytes that a request's body may have. */
export const BODY_LIMIT = 256 * 1024;

/** What differs between servers. */
export interface ServerSettings {
  /** Time in milliseconds in which the whole of a request must have arrived. @default 30_000 */
  readonly requestTimeoutMs?: number;
  /** How often that is looked at, in milliseconds. @default 30_000 */
  readonly lookEveryMs?: number;
  /** Proxies whose `X-Forwarded-For` names the client, by address or CIDR. @default none */
  readonly trustedProxies?: readonly string[];
  /** Adds hooks that come before all that looks at a request's body. @default none */
  readonly guard?: (server: FastifyInstance) => void;
}

const PARSER_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Fastify with the fleet's rules: JSON bodies of at most 256 KiB and nothing else, and a problem document also for
 * what never reaches a route (broken HTTP, broken URLs, broken JSON). While `closing()`, answers end their connection.
 * A route with `@streamedBody` takes one other type, without a limit of size or time.
 */
export function fastifyServer(closing: () => boolean, settings: ServerSettings = {}): FastifyAdapter {
  const streams = new StreamedBodies();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    ...timeouts(settings),
    trustProxy: [...(settings.trustedProxies ?? [])],
    return503OnClosing: false,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(error);
      void reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE);
      void reply.send(Buffer.from(problemDocument(problem)));
    },
    clientErrorHandler: (error, socket) => {
      const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      if (!late || !streams.has(socket)) answerBrokenHttp(error, socket);
    },
  });
  const server = adapter.getInstance();
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body.toString(), (error, parsed) => done(error ? malformedJson() : null, parsed));
  });
  traceRequests(server);
  settings.guard?.(server);
  streams.install(server);
  addSecurityHeaders(server);
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing()) reply.header('connection', 'close');
    done();
  });
  return adapter;
}

function timeouts({ requestTimeoutMs: requestTimeout = 30_000, lookEveryMs = 30_000 }: ServerSettings) {
  // Node cuts nobody off before `headersTimeout`, whose default is a minute.
  const http = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: lookEveryMs };
  return { requestTimeout, http };
}

function malformedJson(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'malformed-json',
    title: 'Malformed JSON',
    detail: 'The body is no JSON text.',
  });
}

function answerBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem: Problem = problemOfStatus(PARSER_STATUS[error.code ?? ''] ?? 400);
  const body = problemDocument(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
