import {
  allowInsecureRequests,
  clientCredentialsGrantRequest,
  ClientSecretPost,
  processClientCredentialsResponse,
} from 'oauth4webapi';

/** A client of the issuer that may have tokens with the scope `ops`. */
export interface TokenClient {
  /** Token endpoint. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
}

const SCOPE = 'ops';
/** A token is not used in the last seconds of its life: the request takes time, and clocks differ. */
const SPARE_MS = 30_000;
/** Life of a token whose issuer does not tell it. */
const UNTOLD_LIFE_S = 60;

/** The keeper's own token: fetched by OAuth's client credentials, and used until shortly before it expires. */
export class OpsToken {
  #token = '';
  #usableUntil = -Infinity;

  constructor(
    private readonly client: TokenClient,
    private readonly now: () => number = Date.now,
  ) {}

  /** The token; rejects when the issuer does not give one. */
  async get(signal: AbortSignal): Promise<string> {
    if (this.now() < this.#usableUntil) return this.#token;
    const { url, clientId, clientSecret, audience } = this.client;
    const [issuer, client] = [{ issuer: url, token_endpoint: url }, { client_id: clientId }];
    const response = await clientCredentialsGrantRequest(
      issuer,
      client,
      ClientSecretPost(clientSecret),
      { scope: SCOPE, audience },
      // Plain HTTP is for issuers inside a private network; who writes such an address means it.
      { signal, [allowInsecureRequests]: url.startsWith('http:') },
    );
    const granted = await processClientCredentialsResponse(issuer, client, response);
    this.#token = granted.access_token;
    this.#usableUntil = this.now() + (granted.expires_in ?? UNTOLD_LIFE_S) * 1_000 - SPARE_MS;
    return this.#token;
  }
}
