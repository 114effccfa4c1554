import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { activeTraceId, logger } from '@millrace/telemetry';
import type { FastifyReply } from 'fastify';
import { PROBLEM_MEDIA_TYPE, problemDocument } from './problem.js';
import { problemOf } from './problem-of.js';

/** Answers every error of the HTTP side with a problem document; an unexpected one is logged once, with its trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.code === 'internal') this.log.error({ err: error }, 'a request failed unexpectedly');
    if (reply.sent) return;
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
    if (problem.challenge !== undefined) reply.header('www-authenticate', problem.challenge);
    // A Buffer, because Fastify would add a charset to text, which this media type does not have.
    const body = Buffer.from(problemDocument(problem, activeTraceId()));
    void reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(body);
  }
}
