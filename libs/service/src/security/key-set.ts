import { logger } from '@millrace/telemetry';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';

/** The issuer's keys have never been fetched, or a token names a new one and the issuer cannot be asked for it. */
export class KeysUnavailableError extends Error {
  readonly code = 'KEYS_UNAVAILABLE';

  constructor(override readonly cause: unknown) {
    super('the keys of the issuer cannot be fetched');
    this.name = 'KeysUnavailableError';
  }
}

/** Patience of a fetch, and how long keys are used before they are fetched again; milliseconds. */
export interface KeyTimes {
  /** @default 3_000 */
  readonly fetchTimeoutMs?: number;
  /** @default 600_000 */
  readonly maxAgeMs?: number;
  /** Least time between two fetches that tokens with unknown keys cause. @default 30_000 */
  readonly cooldownMs?: number;
}

/**
 * The issuer's public keys. They are fetched with the first token and again when they are old or a token names an
 * unknown one. Old keys go on while new ones are fetched, and for as long as the issuer is away.
 */
export class KeySet {
  private readonly log = logger('auth');
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;

  constructor(
    url: string,
    { fetchTimeoutMs = 3_000, maxAgeMs = 600_000, cooldownMs = 30_000 }: KeyTimes = {},
  ) {
    this.remote = createRemoteJWKSet(new URL(url), {
      timeoutDuration: fetchTimeoutMs,
      cacheMaxAge: maxAgeMs,
      cooldownDuration: cooldownMs,
    });
  }

  /** The key that a token's header names; throws jose's error for a key that the issuer does not have. */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const known = this.remote.jwks();
    if (known === undefined || this.remote.fresh) return this.ask(header, token);
    this.renew();
    try {
      return await createLocalJWKSet(known)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return this.ask(header, token);
    }
  }

  private async ask(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    try {
      return await this.remote(header, token);
    } catch (error) {
      const aboutToken =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      if (aboutToken || error instanceof errors.JOSENotSupported) throw error;
      throw new KeysUnavailableError(error);
    }
  }

  private renew(): void {
    if (this.remote.reloading) return;
    this.remote
      .reload()
      .catch((err: unknown) =>
        this.log.warn({ err }, 'the keys of the issuer cannot be renewed; the known ones go on'),
      );
  }
}
