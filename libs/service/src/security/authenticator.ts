import { jwtVerify, type JWTPayload } from 'jose';
import { BelievedTokens } from './believed-tokens.js';
import { KeySet, type KeyTimes } from './key-set.js';
import type { TokenRules } from './security.config.js';
import { tokenMissing, tokenRefusal } from './token-refusals.js';

/** Signatures by a private key only: with a shared secret, whoever can check a token could make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Seconds that clocks may differ. */
const CLOCK_TOLERANCE_S = 5;
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

/** Who calls, as a token of the issuer says. */
export interface Caller {
  /** `sub` of the token. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** Believes bearer tokens: JWTs that the issuer signed for this audience and that have not expired. */
export class Authenticator {
  private readonly keys: KeySet;
  private readonly believed = new BelievedTokens();

  constructor(
    private readonly rules: TokenRules,
    times?: KeyTimes,
  ) {
    this.keys = new KeySet(rules.jwksUrl, times);
  }

  /** The caller that an Authorization header stands for; throws the 401 or 503 problem that keeps it from being one. */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) throw tokenMissing();
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw tokenRefusal(undefined);
    return this.believed.callerOf(token) ?? this.check(token);
  }

  private async check(token: string): Promise<Caller> {
    try {
      const { payload } = await jwtVerify(token, (header, input) => this.keys.find(header, input), {
        issuer: this.rules.issuer,
        audience: this.rules.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const caller = { subject: payload.sub ?? '', scopes: scopesOf(payload) };
      this.believed.remember(token, caller, payload.exp ?? 0);
      return caller;
    } catch (error) {
      throw tokenRefusal(error);
    }
  }
}

/** Scopes as RFC 8693 writes them (`scope`, words in a text), or in a list, as some issuers do (`scp`). */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const texts = [scope, scp].flat().filter((value) => typeof value === 'string');
  return new Set(texts.flatMap((words) => words.split(' ')));
}
