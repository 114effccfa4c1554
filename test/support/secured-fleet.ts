import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, type LocalStack } from '@millrace/stack';
import { AUDIENCE, Issuer, ISSUER, type TokenWish } from '@millrace/testing';

const ROOT = join(import.meta.dirname, '..', '..');

/** A fleet with every lock closed, beside the run's own: brokers that ask, services that want tokens and set limits. */
export class SecuredFleet {
  private constructor(
    readonly stack: LocalStack,
    readonly issuer: Issuer,
    private readonly directory: string,
  ) {}

  /** Starts brokers and services; `requests` is what one client may send in ten minutes. */
  static async start(requests: number): Promise<SecuredFleet> {
    const issuer = await Issuer.start();
    const directory = join(ROOT, '.millrace', 'test', `${process.pid}-${randomBytes(3).toString('hex')}`);
    try {
      const stack = await startStack({
        ...{ root: ROOT, directory, ports: 'free', stateFile: false, secured: true },
        environment: {
          ...{ AUTH: 'jwt', AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE },
          ...{ RATE_LIMIT_REQUESTS: String(requests), RATE_LIMIT_WINDOW_MS: '600000' },
        },
      });
      const fleet = new SecuredFleet(stack, issuer, directory);
      await stack.startServices().catch(async (error: unknown) => {
        await fleet.close();
        throw error;
      });
      return fleet;
    } catch (error) {
      await issuer.close();
      throw error;
    }
  }

  /** Asks a service, with the token that the wish describes unless it is null. */
  async ask(service: string, path: string, wish: TokenWish | null, body?: object): Promise<Response> {
    const token = wish === null ? undefined : await this.issuer.token(wish);
    return fetch(`${this.stack.services[service] ?? ''}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.issuer.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
