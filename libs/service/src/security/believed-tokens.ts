import type { Caller } from './authenticator.js';

/** Tokens that are remembered; beyond that the one that was believed first is forgotten. */
const CAPACITY = 2_000;
/** How long a token is believed without another look at the issuer's keys, in milliseconds. */
const REMEMBERED_MS = 60_000;

/** Remembers whom a token stands for: clients send the same one many times, and a signature costs more than a lookup. */
export class BelievedTokens {
  private readonly callers = new Map<string, { readonly caller: Caller; readonly until: number }>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly capacity = CAPACITY,
  ) {}

  /** The caller of a token that was believed lately and has not expired. */
  callerOf(token: string): Caller | undefined {
    const known = this.callers.get(token);
    if (known === undefined) return undefined;
    if (this.now() < known.until) return known.caller;
    this.callers.delete(token);
    return undefined;
  }

  /** Remembers a caller for a minute, and at most until the token expires (seconds since the epoch). */
  remember(token: string, caller: Caller, expires: number): void {
    this.callers.set(token, { caller, until: Math.min(expires * 1_000, this.now() + REMEMBERED_MS) });
    if (this.callers.size <= this.capacity) return;
    const [first = ''] = this.callers.keys();
    this.callers.delete(first);
  }
}
