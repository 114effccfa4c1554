import type { FieldError, Problem } from './problem.js';

/** What a problem says; see `Problem` for the fields. */
export type ProblemSettings = Problem;

/** A request that cannot be served: thrown anywhere, it becomes the problem document that it describes. */
export class ProblemError extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly challenge?: string;

  constructor(problem: ProblemSettings) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    if (problem.detail !== undefined) this.detail = problem.detail;
    if (problem.errors !== undefined) this.errors = problem.errors;
    if (problem.retryAfterSeconds !== undefined) this.retryAfterSeconds = problem.retryAfterSeconds;
    if (problem.challenge !== undefined) this.challenge = problem.challenge;
  }
}

/** 404: there is no such thing, for example `notFound('order', id)`. */
export function notFound(kind: string, id: string): ProblemError {
  return new ProblemError({
    status: 404,
    code: `${kind}-not-found`,
    title: 'Not found',
    detail: `There is no ${kind} '${id}'.`,
  });
}

/** 503 with Retry-After: the service cannot do this now but will; `detail` says what it waits for. */
export function unavailable(code: string, detail: string, retryAfterSeconds = 1): ProblemError {
  return new ProblemError({ status: 503, code, title: 'Service unavailable', detail, retryAfterSeconds });
}
