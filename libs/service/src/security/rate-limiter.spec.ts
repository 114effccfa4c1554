import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { access } from '../http.js';
import { ServiceModule, type SecurityConfig } from '../module.js';
import { AUDIENCE, Issuer, ISSUER, testApplication } from '@millrace/testing';

@Controller('notes')
class NotesController {
  @Get()
  @access('read')
  list(): { items: string[] } {
    return { items: [] };
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'notes', database: false })],
  controllers: [NotesController],
})
class NotesModule {}

const rateLimit = { requests: 3, windowMs: 60_000 };
let app: NestFastifyApplication | undefined;
let issuer: Issuer | undefined;

afterEach(async () => {
  await app?.close();
  await issuer?.close();
});

async function start(security: Partial<SecurityConfig>): Promise<NestFastifyApplication> {
  const whole: SecurityConfig = { tokens: 'off', rateLimit, trustedProxies: [], ...security };
  app = await testApplication('notes', NotesModule, { security: whole });
  return app;
}

async function statuses(times: number, request: Record<string, string> = {}, url = '/notes') {
  const answers = [];
  for (let sent = 0; sent < times; sent += 1) {
    answers.push(await app!.inject({ url, headers: request, remoteAddress: '10.0.0.1' }));
  }
  return answers.map(({ statusCode }) => statusCode);
}

describe('the requests of one client', () => {
  it('are refused beyond its share of a window, with the time until the next', async () => {
    await start({});
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    const answer = await app!.inject({ url: '/notes', remoteAddress: '10.0.0.1' });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ type: 'urn:millrace:problem:too-many-requests', status: 429 });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('leave the others served', async () => {
    await start({});
    await statuses(5);
    const other = await app!.inject({ url: '/notes', remoteAddress: '10.0.0.2' });
    expect(other.statusCode).toBe(200);
  });

  it('are counted by subject where tokens name it, wherever they come from', async () => {
    issuer = await Issuer.start();
    await start({ tokens: { jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE } });
    const [anna, bert] = await Promise.all(
      ['anna', 'bert'].map(async (subject) => ({
        authorization: `Bearer ${await issuer!.token({ subject, scope: 'notes:read' })}`,
      })),
    );
    expect(await statuses(4, anna)).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, bert)).toEqual([200]);
  });

  it('are counted by address while they are refused a token, so that guessing is limited', async () => {
    issuer = await Issuer.start();
    await start({ tokens: { jwksUrl: issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE } });
    expect(await statuses(4, { authorization: 'Bearer abc' })).toEqual([401, 401, 401, 429]);
  });

  it('are counted where there is nothing, but never for health', async () => {
    await start({});
    expect(await statuses(4, {}, '/nowhere')).toEqual([404, 404, 404, 429]);
    expect(await statuses(4, {}, '/health/live')).toEqual([200, 200, 200, 200]);
  });

  it('are counted by the address that a trusted proxy tells, and nobody else', async () => {
    await start({ trustedProxies: ['10.0.0.0/8'] });
    expect(await statuses(4, { 'x-forwarded-for': '192.0.2.1' })).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, { 'x-forwarded-for': '192.0.2.2' })).toEqual([200]);
    await app!.close();
    await start({});
    const lies = [1, 2, 3, 4].map((last) => ({ 'x-forwarded-for': `192.0.2.${last}` }));
    const answers = [];
    for (const lie of lies) answers.push(...(await statuses(1, lie)));
    expect(answers).toEqual([200, 200, 200, 429]);
  });
});
