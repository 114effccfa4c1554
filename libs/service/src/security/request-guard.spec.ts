import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SignJWT } from 'jose';
import { access } from '../http.js';
import { ServiceModule } from '../module.js';
import { AUDIENCE, Issuer, ISSUER, testApplication, type TokenWish } from '@millrace/testing';

@Controller('notes')
class NotesController {
  @Get()
  @access('read')
  list(): { items: string[] } {
    return { items: [] };
  }

  @Post()
  @access('write')
  keep(): { kept: true } {
    return { kept: true };
  }

  @Get('forgotten')
  forgotten(): { leaked: true } {
    return { leaked: true };
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'notes', database: false })],
  controllers: [NotesController],
})
class NotesModule {}

let issuer: Issuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await Issuer.start();
  const tokens = { jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE };
  app = await testApplication('notes', NotesModule, {
    security: { tokens, rateLimit: 'off', trustedProxies: [] },
  });
});

afterAll(async () => {
  await app.close();
  await issuer.close();
});

function call(token?: string, url = '/notes', method: 'GET' | 'POST' = 'GET') {
  return app.inject({
    method,
    url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(method === 'POST' ? { payload: '{' } : {}),
  });
}

function refused(status: number, code: string, challenge: RegExp) {
  return {
    statusCode: status,
    headers: expect.objectContaining({
      'content-type': 'application/problem+json',
      'www-authenticate': expect.stringMatching(challenge),
    }),
    body: expect.stringContaining(`"urn:millrace:problem:${code}"`),
  };
}

describe('a request with a good token', () => {
  it('is served when the token has the scope that the endpoint needs', async () => {
    const answer = await call(await issuer.token({ scope: 'other notes:read' }));
    expect(answer.statusCode).toBe(200);
  });

  it('is served by an issuer that writes its scopes as a list', async () => {
    const answer = await call(await issuer.token({ claims: { scp: ['notes:read'] } }));
    expect(answer.statusCode).toBe(200);
  });

  it('gets 403 and is told the scope when the token has another one', async () => {
    const answer = await call(await issuer.token({ scope: 'notes:write order:read' }));
    expect(answer).toMatchObject(refused(403, 'scope-missing', /insufficient_scope", scope="notes:read"/));
  });

  it('gets 403 at an endpoint that declares nothing, whatever its scopes', async () => {
    const answer = await call(
      await issuer.token({ scope: 'notes:read notes:write ops metrics open' }),
      '/notes/forgotten',
    );
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ type: 'urn:millrace:problem:access-undeclared' });
  });

  it('gets 404 where there is nothing', async () => {
    expect((await call(undefined, '/nowhere')).statusCode).toBe(404);
  });
});

describe('a request without a good token', () => {
  const wrong: [string, TokenWish, RegExp][] = [
    ['has expired', { expiresIn: -60 }, /it has expired/],
    ['is for another audience', { audience: 'another' }, /it is for another audience/],
    ['is of another issuer', { issuer: 'https://evil.test/' }, /it is of another issuer/],
    ['is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1_000) + 600 } }, /it is not valid yet/],
  ];

  it('gets 401 and is asked for one, before its body is looked at', async () => {
    expect(await call(undefined, '/notes', 'POST')).toMatchObject(
      refused(401, 'token-missing', /^Bearer realm="millrace"$/),
    );
  });

  it.each(wrong)('gets 401 when its token %s', async (_what, wish, reason) => {
    const answer = await call(await issuer.token({ scope: 'notes:read', ...wish }));
    expect(answer).toMatchObject(refused(401, 'token-invalid', reason));
  });

  it.each([
    ['no signature', () => unsigned()],
    ['a signature with the public key as a shared secret', () => confused()],
    ['a key that the issuer does not have', () => unknownKey()],
    ['a signature that belongs to another token', () => swapped()],
    ['no JWT in it', async () => 'abc'],
    ['what would end a header', async () => 'a"b'],
  ])('gets 401 when its token has %s', async (_what, make) => {
    expect(await call(await make())).toMatchObject(refused(401, 'token-invalid', /error="invalid_token"/));
  });

  it('gets 401 for a HEAD as well, and not around a route by another spelling of its path', async () => {
    expect((await app.inject({ method: 'HEAD', url: '/notes' })).statusCode).toBe(401);
    for (const url of ['/docs/../notes', '/health/live/../../notes', '//notes', '/notes/', '/%6eotes']) {
      expect([401, 404]).toContain((await app.inject({ url })).statusCode);
    }
  });

  it('gets 401 when it says who it is in another way', async () => {
    const answer = await app.inject({ url: '/notes', headers: { authorization: 'Basic dTpw' } });
    expect(answer.statusCode).toBe(401);
  });

  it('reads health and the description of the API', async () => {
    const open = ['/health/live', '/health/ready', '/docs-json'];
    for (const url of open) expect((await call(undefined, url)).statusCode).toBe(200);
  });

  it('reads no metrics; those have a scope of their own', async () => {
    expect((await call(undefined, '/metrics')).statusCode).toBe(401);
    expect((await call(await issuer.token({ scope: 'notes:read' }), '/metrics')).statusCode).toBe(403);
    expect((await call(await issuer.token({ scope: 'metrics' }), '/metrics')).statusCode).toBe(200);
  });
});

describe('every answer', () => {
  it('is kept by no cache, run by no browser and framed by no page', async () => {
    for (const url of ['/health/live', '/notes', '/nowhere']) {
      expect((await call(undefined, url)).headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
    expect((await call(undefined, '/docs')).headers['content-security-policy']).toBeUndefined();
  });
});

const good = { scope: 'notes:read', sub: 'tester', iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000 };
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function unsigned(): Promise<string> {
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(good)}.`;
}

async function confused(): Promise<string> {
  const { kid } = JSON.parse(issuer.publicJwk()) as { kid: string };
  const secret = new TextEncoder().encode(issuer.publicJwk());
  return new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
}

async function unknownKey(): Promise<string> {
  const other = await Issuer.start();
  await other.close();
  return other.token({ scope: 'notes:read' });
}

async function swapped(): Promise<string> {
  const [header, , signature] = (await issuer.token({ scope: 'notes:write' })).split('.');
  return `${header}.${encoded(good)}.${signature}`;
}
