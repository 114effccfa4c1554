import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { testApplication } from '@millrace/testing';
import { Readiness, ServiceModule } from '../module.js';

/** Lets a test say what the service's own check answers. */
@Injectable()
class Tank {
  answer: () => Promise<{ ok: boolean; reason?: string }> = async () => ({ ok: true });

  constructor(readiness: Readiness) {
    readiness.add('tank', () => this.answer());
  }
}

@Module({ imports: [ServiceModule.forService({ name: 'bare', database: false })], providers: [Tank] })
class TankModule {}

let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  app = await testApplication('bare', TankModule);
});

afterAll(async () => {
  await app.close();
});

async function get(url: string) {
  const answer = await app.inject({ method: 'GET', url });
  return {
    status: answer.statusCode,
    body: answer.json() as object,
    connection: answer.headers['connection'],
  };
}

describe('health', () => {
  it('is ready when every check says so', async () => {
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { process: { ok: true }, tank: { ok: true } } },
    });
  });

  it('is not ready while a check says no, and tells why', async () => {
    app.get(Tank).answer = async () => ({ ok: false, reason: 'empty' });
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'unready', checks: { tank: { ok: false, reason: 'empty' } } },
    });
  });

  it('is ready whatever a check says that is only told, and tells it', async () => {
    const readiness = new Readiness();
    readiness.tell('spare tank', () => ({ ok: false, reason: 'empty' }));
    expect(await readiness.report()).toMatchObject({
      status: 'ready',
      checks: { 'spare tank': { ok: false, reason: 'empty', decides: false } },
    });
  });

  it('is not ready while a check throws', async () => {
    app.get(Tank).answer = () => Promise.reject(new Error('burst'));
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { checks: { tank: { ok: false, reason: 'burst' } } },
    });
  });

  it('is not ready while a check gives no answer, and does not wait for it for ever', async () => {
    app.get(Tank).answer = () => new Promise(() => undefined);
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { checks: { tank: { ok: false, reason: 'no answer' } } },
    });
  });

  it('lives as long as no restart would help', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
  });

  it('is not ready from the moment it stops, and lets connections go', async () => {
    app.get(Tank).answer = async () => ({ ok: true });
    expect((await get('/health/ready')).connection).not.toBe('close');
    app.get(Readiness).close();
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      connection: 'close',
      body: { checks: { process: { ok: false, reason: 'stopping' } } },
    });
    expect((await get('/health/live')).status).toBe(200);
  });
});
