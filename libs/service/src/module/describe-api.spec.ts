import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { testApplication } from '@millrace/testing';
import { Type, type Static } from 'typebox';
import { answers, bodyOf, queryOf, refuses, validated } from '../http.js';
import { ServiceModule } from '../module.js';

const Note = Type.Object({ text: Type.String({ maxLength: 20 }) }, { additionalProperties: false });
const Page = Type.Object({ after: Type.Optional(Type.String()), limit: Type.Integer({ maximum: 9 }) });

@Controller('notes')
class NotesController {
  @Post()
  @bodyOf(Note)
  @answers(201, Note)
  @refuses(422)
  keep(@Body(validated(Note)) note: Static<typeof Note>): Static<typeof Note> {
    return note;
  }

  @Get()
  @queryOf(Page)
  list(@Query(validated(Page)) page: Static<typeof Page>): Static<typeof Page> {
    return page;
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'notes', database: false })],
  controllers: [NotesController],
})
class NotesModule {}

let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  app = await testApplication('notes', NotesModule);
});

afterAll(async () => {
  await app.close();
});

describe('the description of the API', () => {
  it('is a page at /docs with everything it loads', async () => {
    const page = await app.inject({ method: 'GET', url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    const script = await app.inject({ method: 'GET', url: '/docs/swagger-ui-bundle.js' });
    expect(script.statusCode).toBe(200);
  });

  it('carries the schemas that requests are checked with', async () => {
    const answer = await app.inject({ method: 'GET', url: '/docs-json' });
    const { openapi, paths } = answer.json() as { openapi: string; paths: Record<string, object> };
    expect(openapi).toBe('3.1.0');
    expect(paths['/notes']).toMatchObject({
      post: {
        requestBody: {
          content: { 'application/json': { schema: { properties: { text: { maxLength: 20 } } } } },
        },
        responses: { 201: {}, 422: { content: { 'application/problem+json': {} } } },
      },
      get: {
        parameters: [
          { name: 'after', in: 'query', required: false },
          { name: 'limit', in: 'query', required: true, schema: { maximum: 9 } },
        ],
      },
    });
    expect(Object.keys(paths)).toEqual(['/notes']);
  });
});
