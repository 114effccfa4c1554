import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breach, operationsOf, type OpenApiDocument, type Operation } from './openapi-document.fixture.js';
import { requestsFor, type GeneratedRequest } from './openapi-requests.fixture.js';
import { OrderService } from './order-service.fixture.js';

const RUNS = 150;
const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
};

let service: OrderService;
let operations: Operation[];
let known: string[];
/** Statuses that each operation has answered with. */
const seen = new Map<string, Set<number>>();

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
  const { body } = await service.get('/docs-json');
  operations = operationsOf(body as Partial<OpenApiDocument>);
  known = await Promise.all([1, 2, 3].map(async () => String((await service.post(wish)).body['id'])));
});
afterAll(() => service.stop());

/** What is wrong with the answer to a request; undefined when it keeps what the document promises. */
async function problem(operation: Operation, request: GeneratedRequest): Promise<string | undefined> {
  const { payload, ...rest } = request;
  const answer = await service.app.inject({
    ...rest,
    method: rest.method as 'GET',
    ...(payload === undefined ? {} : { payload }),
  });
  const name = `${operation.method} ${operation.path}`;
  seen.set(name, (seen.get(name) ?? new Set()).add(answer.statusCode));
  if (answer.statusCode >= 500) return `answered ${answer.statusCode}: ${answer.body}`;
  const mediaType = String(answer.headers['content-type']).split(';', 1)[0] ?? '';
  return breach(operation, { status: answer.statusCode, mediaType, body: answer.json() });
}

describe('the OpenAPI document', () => {
  it('names every way into the service', () => {
    const names = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(names.toSorted()).toEqual([
      'GET /ops/events/{eventId}',
      'GET /orders',
      'GET /orders/{id}',
      'GET /orders/{id}/timeline',
      'POST /ops/events/states',
      'POST /ops/keys/{key}/discard',
      'POST /ops/keys/{key}/release',
      'POST /orders',
      'POST /orders/import',
      'POST /orders/{id}/cancel',
    ]);
  });

  it('is kept by every answer to requests that it allows and to broken ones, and nothing is an error of ours', async () => {
    for (const operation of operations) {
      await fc.assert(
        fc.asyncProperty(requestsFor(operation, known), async (request) => {
          expect(await problem(operation, hurried(request))).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    }
    // Requests of both kinds were among them.
    expect([...(seen.get('post /orders') ?? [])]).toEqual(expect.arrayContaining([201, 400, 415, 422]));
    expect([...(seen.get('get /orders/{id}') ?? [])]).toEqual(expect.arrayContaining([200, 404, 422]));
    expect([...(seen.get('post /orders/import') ?? [])]).toEqual(expect.arrayContaining([200, 400, 415]));
  });

  it('is noticed when an answer breaks it', () => {
    const operation = operations.find(({ path, method }) => path === '/orders/{id}' && method === 'get');
    if (!operation) throw new Error('there is no GET /orders/{id}');
    const problemJson = 'application/problem+json';
    const fine = { type: 'urn:x', title: 'x', status: 404 };
    expect(breach(operation, { status: 404, mediaType: problemJson, body: fine })).toBeUndefined();
    expect(breach(operation, { status: 418, mediaType: problemJson, body: fine })).toContain(
      'not documented',
    );
    expect(breach(operation, { status: 404, mediaType: 'text/html', body: fine })).toContain('text/html');
    expect(breach(operation, { status: 200, mediaType: 'application/json', body: { id: 1 } })).toContain(
      'not as documented',
    );
  });

  /** A generated wait may last 25 seconds; nobody settles these orders. */
  function hurried(request: GeneratedRequest): GeneratedRequest {
    const url = request.url.replace(/timeoutMs=\d{2,}/, 'timeoutMs=9');
    const patient = url.includes('wait=settled') && !url.includes('timeoutMs=');
    return { ...request, url: patient ? `${url}&timeoutMs=9` : url };
  }
});
