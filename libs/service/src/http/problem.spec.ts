import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { notFound, ProblemError, unavailable, validated } from '../http.js';
import { ServiceModule } from '../module.js';
import { testApplication } from '@millrace/testing';

const Note = Type.Object(
  { text: Type.String({ maxLength: 20 }), size: Type.Optional(Type.Integer({ minimum: 1 })) },
  { additionalProperties: false },
);
const Page = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) });

@Controller()
class NotesController {
  readonly kept: Static<typeof Note>[] = [];

  @Post('notes')
  keep(@Body(validated(Note)) note: Static<typeof Note>): { kept: Static<typeof Note> } {
    this.kept.push(note);
    return { kept: note };
  }

  @Get('notes')
  list(@Query(validated(Page)) page: Static<typeof Page>): { page: Static<typeof Page> } {
    return { page };
  }

  @Get('notes/:id')
  one(@Param('id', validated(schemaTypes.Uuid())) id: string): never {
    throw notFound('note', id);
  }

  @Get('fails/:how')
  fails(@Param('how') how: string): never {
    if (how === 'database') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    if (how === 'deadlock') throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    if (how === 'later') throw unavailable('capture-not-ready', 'Capture is not ready.', 3);
    if (how === 'conflict') throw new ProblemError({ status: 409, code: 'taken', title: 'Taken' });
    throw new Error('secret of the inside');
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'notes', database: false })],
  controllers: [NotesController],
})
class NotesModule {}

const problemType = 'application/problem+json';
let app: NestFastifyApplication;

beforeAll(async () => {
  app = await testApplication('notes', NotesModule);
});

afterAll(async () => {
  await app.close();
});

async function post(payload: string | Buffer, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method: 'POST',
    url: '/notes',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() as object };
}

describe('a request that cannot be served', () => {
  it.each([
    ['malformed JSON', '{"text":', 400, 'malformed-json'],
    ['an empty JSON body', '', 400, 'malformed-json'],
    ['a body that sets a prototype', '{"__proto__":{"text":"x"}}', 400, 'malformed-json'],
    ['a body above 256 KiB', JSON.stringify({ text: 'x'.repeat(262_144) }), 413, 'payload-too-large'],
    ['JSON of another shape', '[]', 422, 'invalid-request'],
    ['a missing field', '{}', 422, 'invalid-request'],
    ['an unknown field', '{"text":"a","extra":1}', 422, 'invalid-request'],
    ['a fraction where an integer belongs', '{"text":"a","size":1.5}', 422, 'invalid-request'],
    ['a number in text where the body must have a number', '{"text":"a","size":"2"}', 422, 'invalid-request'],
    ['a NUL character', '{"text":"a\\u0000b"}', 422, 'invalid-request'],
    ['a lone surrogate', '{"text":"a\\ud800b"}', 422, 'invalid-request'],
    ['nesting deeper than the stack', `${'['.repeat(120_000)}${']'.repeat(120_000)}`, 422, 'invalid-request'],
  ])('is a problem document: %s', async (_what, payload, status, code) => {
    const answer = await post(payload);
    expect(answer).toMatchObject({ status, type: problemType });
    expect(answer.body).toMatchObject({ type: `urn:millrace:problem:${code}`, status });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at \w+ \(|\.ts:/);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'is 415 when its body is %s',
    async (type) => {
      const answer = await post('text=a', { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, type: problemType });
      expect(answer.body).toMatchObject({ type: 'urn:millrace:problem:unsupported-media-type' });
    },
  );

  it('names the places of a body that are not acceptable, without their values', async () => {
    const { body } = await post('{"text":"a secret that is too long","size":0}');
    expect(body).toMatchObject({
      errors: [
        { path: '/text', message: expect.stringContaining('20') },
        { path: '/size', message: expect.stringContaining('1') },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([
    ['an unknown path', 'GET', '/nowhere', 404, 'unknown-path'],
    ['a method that the path does not have', 'PUT', '/notes', 404, 'unknown-path'],
    ['a path that cannot be decoded', 'GET', '/notes/%zz', 400, 'bad-request'],
    ['a malformed id', 'GET', '/notes/7', 422, 'invalid-request'],
    ['an id that nothing has', 'GET', '/notes/01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10', 404, 'note-not-found'],
    ['a query parameter out of range', 'GET', '/notes?limit=51', 422, 'invalid-request'],
    ['a query parameter that is no number', 'GET', '/notes?limit=many', 422, 'invalid-request'],
    ['a conflict that a service declares', 'GET', '/fails/conflict', 409, 'taken'],
    ['a database that is away', 'GET', '/fails/database', 503, 'database-unavailable'],
    ['a deadlock of the database', 'GET', '/fails/deadlock', 503, 'database-busy'],
    ['an unexpected error', 'GET', '/fails/unexpected', 500, 'internal'],
  ] as const)('is a problem document: %s', async (_what, method, url, status, code) => {
    const answer = await app.inject({ method, url });
    expect(answer.headers['content-type']).toBe(problemType);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: `urn:millrace:problem:${code}`, status });
    expect(answer.body).not.toMatch(/secret of the inside|ECONNREFUSED|stack/);
  });

  it('says when to come back where waiting helps', async () => {
    const away = await app.inject({ method: 'GET', url: '/fails/database' });
    const later = await app.inject({ method: 'GET', url: '/fails/later' });
    expect(away.headers['retry-after']).toBe('1');
    expect(later.headers['retry-after']).toBe('3');
    expect(later.json()).toMatchObject({ detail: 'Capture is not ready.' });
  });
});

describe('a request that can be served', () => {
  it('passes the checked body on as it came', async () => {
    const answer = await post('{"text":"größe 🙂","size":2}');
    expect(answer).toMatchObject({ status: 201, body: { kept: { text: 'größe 🙂', size: 2 } } });
  });

  it('converts query text where the schema wants a number', async () => {
    const answer = await app.inject({ method: 'GET', url: '/notes?limit=20' });
    expect(answer.json()).toEqual({ page: { limit: 20 } });
  });
});
