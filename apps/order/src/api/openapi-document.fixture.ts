import { Compile, type XSchema } from 'typebox/schema';

/** A JSON Schema as the document writes it. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** One parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** An OpenAPI document, as far as it is read. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

/** One method of one path, with what the document says of it. */
export interface Operation extends DocumentedOperation {
  readonly path: string;
  readonly method: string;
}

/** What was answered. */
export interface GivenAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: unknown;
}

/** Every operation of the document. */
export function operationsOf({ paths = {} }: Partial<OpenApiDocument>): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  );
}

const validators = new WeakMap<object, ReturnType<typeof Compile>>();

/** How an answer breaks the document; undefined when it keeps it. */
export function breach(
  { responses }: Operation,
  { status, mediaType, body }: GivenAnswer,
): string | undefined {
  const content = responses[String(status)]?.content;
  if (!content) return `status ${status} is not documented`;
  const schema = content[mediaType]?.schema;
  if (!schema) return `status ${status} is not documented as ${mediaType}`;
  const validator = validators.get(schema) ?? Compile(schema as XSchema);
  validators.set(schema, validator);
  if (validator.Check(body)) return undefined;
  return `the body of ${status} is not as documented: ${JSON.stringify(validator.Errors(body)[1]).slice(0, 500)}`;
}
