import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

/** `iss` of a token unless told otherwise. */
export const ISSUER = 'https://issuer.test/';
/** `aud` of a token unless told otherwise. */
export const AUDIENCE = 'millrace';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** What differs from a good token. */
export interface TokenWish {
  readonly subject?: string;
  readonly scope?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now until it expires; negative for one that has. */
  readonly expiresIn?: number;
  readonly claims?: JWTPayload;
}

/** An issuer of tokens with a JWKS endpoint on a free port, which can be broken and told to change its keys. */
export class Issuer {
  private readonly keys: { kid: string; privateKey: PrivateKey; jwk: JWK }[] = [];
  /** How often its keys were asked for. */
  fetches = 0;
  /** Status that the endpoint answers with. */
  status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Issuer> {
    const issuer: Issuer = new Issuer(
      createServer((_request, response) => {
        issuer.fetches += 1;
        response.writeHead(issuer.status, { 'content-type': 'application/json', connection: 'close' });
        response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }));
      }),
    );
    await issuer.rotate();
    await issuer.listen();
    return issuer;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  /** Signs with a new key from now on; the endpoint tells the new key alone. */
  async rotate(): Promise<void> {
    const kid = `key-${this.keys.length + 1}-${process.hrtime.bigint()}`;
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
    this.keys.splice(0, this.keys.length, { kid, privateKey, jwk });
  }

  /** A token, good unless the wish says otherwise. */
  async token(wish: TokenWish = {}): Promise<string> {
    const [key] = this.keys;
    if (!key) throw new Error('the issuer has no key');
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ scope: wish.scope ?? '', ...wish.claims })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .setSubject(wish.subject ?? 'tester')
      .setIssuer(wish.issuer ?? ISSUER)
      .setAudience(wish.audience ?? AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + (wish.expiresIn ?? 300))
      .sign(key.privateKey);
  }

  /** Public key as JSON, for a token that abuses it as a shared secret. */
  publicJwk(): string {
    return JSON.stringify(this.keys[0]?.jwk);
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }
}
