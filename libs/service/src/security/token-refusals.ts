import { errors } from 'jose';
import { ProblemError } from '../http/problem.error.js';
import { KeysUnavailableError } from './key-set.js';

/** 401: the request has no bearer token. */
export function tokenMissing(): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'token-missing',
    title: 'Unauthorized',
    detail: 'Send a token: Authorization: Bearer ….',
    challenge: 'Bearer realm="millrace"',
  });
}

/** 403: the token is good and has not the scope that the endpoint needs. */
export function scopeMissing(scope: string): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'scope-missing',
    title: 'Forbidden',
    detail: `The token needs the scope ${scope}.`,
    challenge: `Bearer realm="millrace", error="insufficient_scope", scope="${scope}"`,
  });
}

/** 403: nobody may call an endpoint that does not say who may. */
export function accessUndeclared(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'access-undeclared',
    title: 'Forbidden',
    detail: 'This endpoint does not declare who may call it, so nobody may.',
  });
}

/** What keeps a token from being believed, as its sender may know it: 401, or 503 when it cannot be checked now. */
export function tokenRefusal(error: unknown): ProblemError {
  if (error instanceof KeysUnavailableError) {
    return new ProblemError({
      status: 503,
      code: 'keys-unavailable',
      title: 'Service unavailable',
      detail: 'The keys of the issuer cannot be fetched, so the token cannot be checked now. Try again.',
      retryAfterSeconds: 5,
    });
  }
  const reason = reasonOf(error);
  return new ProblemError({
    status: 401,
    code: 'token-invalid',
    title: 'Unauthorized',
    detail: `The token is refused: ${reason}.`,
    challenge: `Bearer realm="millrace", error="invalid_token", error_description="${reason}"`,
  });
}

/** One of a few sentences of ours: nothing of the token may reach a header. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimProblem(error.claim);
  if (error instanceof errors.JWKSNoMatchingKey) return 'the issuer has no such key';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not accepted';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is no signed JWT';
}

function claimProblem(claim: string): string {
  const problems: Readonly<Record<string, string>> = {
    aud: 'it is for another audience',
    iss: 'it is of another issuer',
    nbf: 'it is not valid yet',
    sub: 'it has no subject',
    exp: 'it has no time of expiry',
  };
  return problems[claim] ?? 'one of its claims is not acceptable';
}
