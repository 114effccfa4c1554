import { HttpException } from '@nestjs/common';
import { classifyError } from '@millrace/messaging';
import type { Problem } from './problem.js';
import { ProblemError } from './problem.error.js';

const byStatus: Readonly<Record<number, Omit<Problem, 'status'>>> = {
  400: { code: 'bad-request', title: 'Bad request', detail: 'The request is not well formed.' },
  401: { code: 'unauthorized', title: 'Unauthorized' },
  403: { code: 'forbidden', title: 'Forbidden' },
  404: {
    code: 'unknown-path',
    title: 'Not found',
    detail: 'There is nothing at this path for this method; /docs lists what there is.',
  },
  405: { code: 'method-not-allowed', title: 'Method not allowed' },
  408: { code: 'request-timeout', title: 'Request timeout', detail: 'The request took too long to arrive.' },
  413: {
    code: 'payload-too-large',
    title: 'Payload too large',
    detail: 'The body may have at most 256 KiB.',
  },
  414: { code: 'uri-too-long', title: 'URI too long', detail: 'The path or one of its parts is too long.' },
  415: {
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    detail: 'Send JSON with content-type: application/json.',
  },
  431: { code: 'headers-too-large', title: 'Request header fields too large' },
  503: { code: 'unavailable', title: 'Service unavailable', retryAfterSeconds: 1 },
};

/** The problem that stands for an HTTP status when nothing more is known. */
export function problemOfStatus(status: number): Problem {
  const known = byStatus[status];
  if (known) return { status, ...known };
  return status < 500 ? { status, code: 'refused', title: 'The request was refused' } : internal(status);
}

function internal(status = 500): Problem {
  return {
    status,
    code: 'internal',
    title: 'Internal error',
    detail: 'Something went wrong here, not with the request; the trace id leads to it.',
  };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code } = error as Error & { statusCode?: unknown; code?: unknown };
  const fromFramework = typeof code === 'string' && code.startsWith('FST_');
  return fromFramework && typeof statusCode === 'number' && statusCode >= 400 ? statusCode : undefined;
}

/** Turns whatever was thrown into the problem that its caller may see; an unknown error tells nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error;
  const status = statusOf(error);
  return status === undefined ? problemOfFailure(error) : problemOfStatus(status);
}

function problemOfFailure(error: unknown): Problem {
  const kind = classifyError(error);
  if (kind !== 'infrastructure' && kind !== 'conflict') return internal();
  const away = kind === 'infrastructure';
  return {
    status: 503,
    code: away ? 'database-unavailable' : 'database-busy',
    title: 'Service unavailable',
    detail: away
      ? 'The database does not answer; whether something was written is not known. Try again.'
      : 'Others were changing the same data; nothing was written. Try again.',
    retryAfterSeconds: 1,
  };
}
