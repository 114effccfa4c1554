/** Why something failed, in one line: an error's message or code, and its cause's (`fetch failed: connect ECONNREFUSED …`). */
export function reasonOf(error: unknown): string {
  // by shape, not by class: an error may come from another realm
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, code, cause } = error as { message?: unknown; code?: unknown; cause?: unknown };
  const own = [message, code].find((part): part is string => typeof part === 'string' && part !== '');
  const first = own ?? 'unknown error';
  const second = cause === undefined ? '' : reasonOf(cause);
  // some errors repeat the message of what they wrap
  return first.includes(second) ? first : `${first}: ${second}`;
}
