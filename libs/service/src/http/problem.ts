/** One place of a request that is not acceptable. */
export interface FieldError {
  /** JSON Pointer into the body, query or parameter; empty for the whole of it. */
  readonly path: string;
  /** What is wrong there, without the value. */
  readonly message: string;
}

/** What went wrong with a request, as its caller may know it. */
export interface Problem {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Stable name in kebab case; `type` of the document is `urn:millrace:problem:<code>`. */
  readonly code: string;
  /** The kind of problem in a few words, the same for every occurrence. */
  readonly title: string;
  /** This occurrence, and what to do about it. */
  readonly detail?: string;
  /** The places that are not acceptable, at most twenty. */
  readonly errors?: readonly FieldError[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds?: number;
  /** Value of WWW-Authenticate: how a caller proves who it is. */
  readonly challenge?: string;
}

/** Media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The RFC 9457 document of a problem as JSON text; the trace id lets support find the request. */
export function problemDocument(problem: Problem, traceId?: string): string {
  const { status, code, title, detail, errors } = problem;
  return JSON.stringify({
    type: `urn:millrace:problem:${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(traceId === undefined ? {} : { traceId }),
  });
}
