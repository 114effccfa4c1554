import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.error.js';
import type { StreamedRoute } from './streamed-body.decorator.js';

/** How long the rest of a body is thrown away after an early answer, so that its sender can read the answer. */
const LINGER_MS = 2_000;

/**
 * The routes of a server that take their body as a stream, and the connections on which one is being read: those are
 * spared the timeout of whole requests, which says nothing about a long import; their readers bound its silence.
 */
export class StreamedBodies {
  private readonly reading = new WeakSet<Socket>();

  /** True while a streamed body is read from the socket. */
  has(socket: Socket): boolean {
    return this.reading.has(socket);
  }

  /** Registers, for every route that asks for it, the parser that hands its body over unread. */
  install(server: FastifyInstance): void {
    server.addHook('onRoute', (route) => {
      const mediaType = mediaTypeOf(route.config);
      if (mediaType === undefined || server.hasContentTypeParser(mediaType)) return;
      server.addContentTypeParser(mediaType, (request, payload, done) => {
        const refused = refusalOf(request);
        if (!refused) this.spare(request.raw);
        done(refused ?? null, payload);
      });
    });
    server.addHook('onRequest', (request, _reply, done) => {
      const streams = mediaTypeOf(request.routeOptions.config) !== undefined;
      done(streams ? refusalOf(request) : undefined);
    });
    server.addHook('onResponse', (request, _reply, done) => {
      if (mediaTypeOf(request.routeOptions.config) !== undefined) discardRest(request.raw);
      done();
    });
  }

  private spare(message: IncomingMessage): void {
    const { socket } = message;
    this.reading.add(socket);
    const over = () => this.reading.delete(socket);
    message.once('end', over).once('close', over);
  }
}

function mediaTypeOf(config: unknown): string | undefined {
  return (config as Partial<StreamedRoute> | undefined)?.streamedBody;
}

/** A body of the wrong type for its route; what leads to no route is answered as such. */
function refusalOf(request: FastifyRequest): ProblemError | undefined {
  const wanted = mediaTypeOf(request.routeOptions.config) ?? 'application/json';
  if (request.is404 || request.mediaType === wanted) return undefined;
  return new ProblemError({
    status: 415,
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    detail: `Send a body with content-type: ${wanted}.`,
  });
}

/** A connection that is closed upon unread data is reset, and the answer may be lost with it. */
function discardRest(message: IncomingMessage): void {
  if (message.readableEnded || message.destroyed) return;
  const timer = setTimeout(() => message.socket.destroy(), LINGER_MS);
  const over = () => clearTimeout(timer);
  message.once('end', over).once('close', over);
  message.resume();
}
