import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { Authenticator } from './authenticator.js';
import { AUDIENCE, Issuer, ISSUER } from '@millrace/testing';

let issuer: Issuer;

beforeEach(async () => {
  issuer = await Issuer.start();
});

afterEach(() => issuer.close());

function authenticator(times: ConstructorParameters<typeof Authenticator>[1] = {}): Authenticator {
  return new Authenticator({ jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE }, times);
}

let tokens = 0;
/** Another token each time: one that was believed is not checked again. */
const bearer = async () => `Bearer ${await issuer.token({ claims: { jti: String((tokens += 1)) } })}`;
const unavailable = { status: 503, code: 'keys-unavailable', retryAfterSeconds: 5 };

describe('the keys of the issuer', () => {
  it('are fetched once for many tokens that come at the same time', async () => {
    const checks = authenticator();
    const header = await bearer();
    await Promise.all(Array.from({ length: 20 }, () => checks.callerOf(header)));
    expect(issuer.fetches).toBe(1);
  });

  it('are fetched again when a token names a new one, and no more often than the cooldown allows', async () => {
    const checks = authenticator({ cooldownMs: 0 });
    const patient = authenticator({ cooldownMs: 60_000 });
    for (const each of [checks, patient]) await each.callerOf(await bearer());
    await issuer.rotate();
    await expect(checks.callerOf(await bearer())).resolves.toMatchObject({ subject: 'tester' });
    const before = issuer.fetches;
    const refusal = { status: 401, detail: 'The token is refused: the issuer has no such key.' };
    await expect(patient.callerOf(await bearer())).rejects.toMatchObject(refusal);
    expect(issuer.fetches).toBe(before);
  });

  it('go on when they are old and the issuer is away', async () => {
    const checks = authenticator({ maxAgeMs: 0 });
    await checks.callerOf(await bearer());
    await issuer.close();
    for (const header of [await bearer(), await bearer()]) {
      await expect(checks.callerOf(header)).resolves.toMatchObject({ subject: 'tester' });
    }
  });

  it('are renewed behind the back of the request that finds them old', async () => {
    const checks = authenticator({ maxAgeMs: 0 });
    for (const header of [await bearer(), await bearer()]) await checks.callerOf(header);
    await eventually(() => expect(issuer.fetches).toBeGreaterThan(1));
  });

  it('answer 503 while they have never been fetched, and 200 as soon as they can be', async () => {
    const checks = authenticator();
    issuer.status = 500;
    await expect(checks.callerOf(await bearer())).rejects.toMatchObject(unavailable);
    issuer.status = 200;
    await expect(checks.callerOf(await bearer())).resolves.toMatchObject({ subject: 'tester' });
  });

  it('answer 503 to a token with a new key while the issuer is away', async () => {
    const checks = authenticator({ cooldownMs: 0 });
    await checks.callerOf(await bearer());
    await issuer.rotate();
    const header = await bearer();
    await issuer.close();
    await expect(checks.callerOf(header)).rejects.toMatchObject(unavailable);
  });
});
