import fc from 'fast-check';
import type { JsonSchema, Operation, Parameter } from './openapi-document.fixture.js';

/** A request for an operation: as the document wants it, or broken in one place. */
export interface GeneratedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

/** Values that the schema allows. */
export function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valueOf));
  if (schema.properties) return objectOf(schema.properties, schema.required ?? []);
  if (schema.items) {
    return fc.array(valueOf(schema.items), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.min(schema.maxItems ?? 5, 5),
    });
  }
  if (schema.type === 'integer') {
    return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
  }
  if (schema.type === 'boolean') return fc.boolean();
  return textOf(schema);
}

function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): fc.Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, field]) => [name, valueOf(field)] as const);
  return fc.record(Object.fromEntries(values), { requiredKeys: [...required] });
}

function textOf({ pattern, format, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  // The pattern alone would hardly ever meet a code that exists.
  if (pattern === '^[A-Z]{3}$') return fc.constantFrom('EUR', 'USD', 'JPY', 'XXX');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
}

/** Requests as the document wants them, and requests with one thing broken. */
export function requestsFor(operation: Operation, known: readonly string[]): fc.Arbitrary<GeneratedRequest> {
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    parameter,
    valid:
      parameter.in === 'path' ? fc.oneof(fc.constantFrom(...known), fc.uuid()) : valueOf(parameter.schema),
  }));
  const values = fc.tuple(
    ...parameters.map(({ parameter, valid }) =>
      fc.oneof(
        { weight: 8, arbitrary: parameter.required ? valid : fc.option(valid, { nil: undefined }) },
        { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }) },
      ),
    ),
  );
  return fc.tuple(values, bodiesFor(operation)).map(([given, body]) => {
    const of = (place: Parameter['in']) =>
      parameters.flatMap(({ parameter }, index) =>
        parameter.in === place && given[index] !== undefined ? [[parameter.name, textFor(given[index])]] : [],
      ) as [string, string][];
    const path = of('path').reduce(
      (url, [name, value]) => url.replace(`{${name}}`, encodeText(value)),
      operation.path,
    );
    const query = of('query').map(([name, value]) => `${name}=${encodeText(value)}`);
    return {
      method: operation.method.toUpperCase(),
      url: query.length > 0 ? `${path}?${query.join('&')}` : path,
      headers: {
        ...Object.fromEntries(of('header').filter(([, value]) => sendable(value))),
        ...body.headers,
      },
      ...(body.payload === undefined ? {} : { payload: body.payload }),
    };
  });
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

/** Bodies of an operation: allowed, broken at one place, no JSON, of another type, or none. */
function bodiesFor({ requestBody }: Operation): fc.Arbitrary<Body> {
  const [described] = Object.entries(requestBody?.content ?? {});
  if (!described) return fc.constant({ headers: {} });
  const [mediaType, { schema = {} }] = described;
  const typed = (payload: string, type = mediaType): Body => ({ headers: { 'content-type': type }, payload });
  const valid = valueOf(schema);
  return fc.oneof(
    { weight: 6, arbitrary: valid.map((value) => typed(JSON.stringify(value))) },
    { weight: 6, arbitrary: valid.chain(broken).map((value) => typed(JSON.stringify(value) ?? '')) },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }).map((text) => typed(text)) },
    { weight: 1, arbitrary: fc.jsonValue().map((value) => typed(JSON.stringify(value))) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('text/plain', 'application/xml').map((type) => typed('{}', type)),
    },
    { weight: 1, arbitrary: fc.constant({ headers: {} }) },
  );
}

/** The value with one place removed, replaced by anything, or with a field too many. */
function broken(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return fc.jsonValue();
  const names = Object.keys(value);
  const replaced = (name: string, by: unknown): unknown =>
    Array.isArray(value) ? value.with(Number(name), by) : { ...value, [name]: by };
  const here = [
    fc.jsonValue(),
    fc.constant({ ...value, surplus: 1 }),
    fc.constantFrom('\u0000', '\ud800', -1, 0.5, 2 ** 53, 'x'.repeat(5_000), null, '__proto__'),
  ];
  if (names.length === 0) return fc.oneof(...here);
  const inside = fc
    .constantFrom(...names)
    .chain((name) => broken((value as Record<string, unknown>)[name]).map((by) => replaced(name, by)));
  const absent = fc
    .constantFrom(...names)
    .map((name) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)));
  return fc.oneof(...here, { weight: 4, arbitrary: inside }, { weight: 2, arbitrary: absent });
}

/** A parameter's value as it stands in a URL or a header. */
function textFor(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a header's value may be made of in HTTP. */
function sendable(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** Lone surrogates cannot be percent-encoded. */
function encodeText(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
