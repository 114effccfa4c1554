import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ConsumerStore, type EventStatus } from '@millrace/messaging';
import { testApplication } from '@millrace/testing';
import { ServiceModule } from '../module.js';
import { EventsController } from './events.controller.js';

const done = '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10';
const dead = '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b11';
const unseen = '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b12';

const known: readonly EventStatus[] = [
  { eventId: done, state: 'done', processedAt: new Date('2026-03-01T10:15:30.000Z') },
  { eventId: dead, state: 'dead', attempts: 3, reason: 'EXHAUSTED' },
];

/** Knows three events; asked for a group, it answers only for its own. */
const store = {
  statesOf: async (group: string, ids: readonly string[]): Promise<EventStatus[]> =>
    ids.map(
      (eventId) =>
        (group === 'bare' ? known.find((each) => each.eventId === eventId) : undefined) ?? {
          eventId,
          state: 'unknown',
        },
    ),
};

@Module({
  imports: [ServiceModule.forService({ name: 'bare', database: false })],
  controllers: [EventsController],
  providers: [{ provide: ConsumerStore, useValue: store }],
})
class OpsModule {}

let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  app = await testApplication('bare', OpsModule);
});

afterAll(async () => {
  await app.close();
});

function ask(ids: unknown) {
  return app.inject({ method: 'POST', url: '/ops/events/states', payload: { ids } });
}

describe('GET /ops/events/:eventId', () => {
  it.each([
    [done, { state: 'done', processedAt: '2026-03-01T10:15:30.000Z' }],
    [dead, { state: 'dead', attempts: 3, reason: 'EXHAUSTED' }],
    [unseen, { state: 'unknown' }],
  ])('tells where %s stands in this group', async (eventId, expected) => {
    const answer = await app.inject({ method: 'GET', url: `/ops/events/${eventId}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ group: 'bare', eventId, ...expected });
  });

  it('refuses what is no event id', async () => {
    const answer = await app.inject({ method: 'GET', url: '/ops/events/last' });
    expect(answer.statusCode).toBe(422);
  });
});

describe('POST /ops/events/states', () => {
  it('answers in the order asked', async () => {
    const answer = await ask([unseen, dead, done]);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      items: [
        { eventId: unseen, state: 'unknown' },
        { eventId: dead, state: 'dead' },
        { eventId: done, state: 'done' },
      ],
    });
  });

  it('takes a thousand ids and not one more', async () => {
    expect((await ask(Array.from({ length: 1_000 }, () => done))).statusCode).toBe(200);
    expect((await ask(Array.from({ length: 1_001 }, () => done))).statusCode).toBe(422);
  });

  it('answers an empty question with nothing', async () => {
    expect((await ask([])).json()).toEqual({ items: [] });
  });
});
