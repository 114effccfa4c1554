import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@millrace/config';
import { opsTokenClientOf } from './ops-token.variables.js';
import { OpsToken } from './ops-token.js';

const { signal } = new AbortController();

describe('the token of the keeper', () => {
  let issuer: Server;
  let asked: URLSearchParams[];
  let status: number;
  let now: number;
  let token: OpsToken;

  beforeEach(async () => {
    [asked, status, now] = [[], 200, 0];
    issuer = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(new URLSearchParams(body));
        const granted = { access_token: `token-${asked.length}`, token_type: 'bearer', expires_in: 300 };
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(status === 200 ? granted : { error: 'invalid_client' }));
      });
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/token`;
    token = new OpsToken({ url, clientId: 'keeper', clientSecret: 's3', audience: 'millrace' }, () => now);
  });

  afterEach(async () => {
    issuer.closeAllConnections();
    await new Promise((resolve) => issuer.close(resolve));
  });

  it('is asked for with the scope of operations, and used again until shortly before it expires', async () => {
    expect(await token.get(signal)).toBe('token-1');
    now = 269_000;
    expect(await token.get(signal)).toBe('token-1');
    now = 270_000;
    expect(await token.get(signal)).toBe('token-2');
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'keeper',
      client_secret: 's3',
      scope: 'ops',
      audience: 'millrace',
    });
  });

  it('is asked for again after a refusal', async () => {
    status = 401;
    await expect(token.get(signal)).rejects.toThrow(/responded with an error/);
    status = 200;
    expect(await token.get(signal)).toBe('token-2');
  });
});

describe('the client of the keeper', () => {
  const given = { OPS_TOKEN_URL: 'https://id.example.com/token', OPS_TOKEN_AUDIENCE: 'millrace' };

  it('is none where no endpoint is named', () => {
    const unset = { OPS_CLIENT_ID: '', OPS_CLIENT_SECRET: '', OPS_TOKEN_AUDIENCE: 'millrace' };
    expect(opsTokenClientOf({ ...unset, OPS_TOKEN_URL: undefined })).toBeUndefined();
  });

  it('needs a name and a secret', () => {
    expect(() => opsTokenClientOf({ ...given, OPS_CLIENT_ID: 'keeper', OPS_CLIENT_SECRET: '' })).toThrow(
      ConfigError,
    );
    expect(opsTokenClientOf({ ...given, OPS_CLIENT_ID: 'keeper', OPS_CLIENT_SECRET: 's3' })).toEqual({
      url: 'https://id.example.com/token',
      clientId: 'keeper',
      clientSecret: 's3',
      audience: 'millrace',
    });
  });
});
