import { Type, type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContractViolationError } from './contract-violation.error.js';
import type { EventData, EventDefinition } from './event-definition.js';
import { describeErrors } from './violations.js';

/** Stands for an enum value that a newer producer wrote and this consumer does not know. */
export const UNKNOWN = 'UNKNOWN';

/** What a consumer reads of an event: only the fields that it declares; unknown fields are ignored. */
export interface ConsumerView<Data = unknown> {
  readonly definition: EventDefinition;
  /** The declared fields, by name. */
  readonly fields: readonly string[];
  /** Reads a decoded payload; throws `ContractViolationError` when a declared field is missing or wrong. */
  read(payload: unknown): Data;
}

/** Payload type of a consumer view. */
export type ViewData<View> = View extends ConsumerView<infer Data> ? Data : never;

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
}

/** The same schema with objects open to further fields and enums open to further text values. */
function opened(schema: JsonSchema): TSchema {
  if (schema.enum) return Type.String();
  if (schema.properties) {
    const properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, opened(field)]),
    );
    const { additionalProperties: _closed, ...rest } = schema as JsonSchema & {
      additionalProperties?: unknown;
    };
    return { ...rest, properties } as TSchema;
  }
  if (schema.items) return { ...schema, items: opened(schema.items) } as TSchema;
  return schema as TSchema;
}

/** Drops what the schema does not declare and maps enum values that it does not know to UNKNOWN. */
function project(schema: JsonSchema, value: unknown): unknown {
  if (schema.enum) return schema.enum.includes(value) ? value : UNKNOWN;
  const { properties, items } = schema;
  if (properties && typeof value === 'object' && value !== null) {
    const source = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => source[name] !== undefined)
        .map(([name, field]) => [name, project(field, source[name])]),
    );
  }
  if (items && Array.isArray(value)) return value.map((item) => project(items, item));
  return value;
}

function picked(schema: TObject, fields: readonly string[]): JsonSchema {
  const properties = schema.properties as TProperties;
  const required = (schema as JsonSchema).required ?? [];
  return {
    type: 'object',
    required: required.filter((name) => fields.includes(name)),
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => fields.includes(name)),
    ) as Record<string, JsonSchema>,
  };
}

/**
 * Declares which fields of a contract a consumer reads (default: all of them). Producers may then change
 * every other field without asking this consumer; the compatibility gate knows whom a change would hurt.
 */
export function consumerView<
  Schema extends TObject,
  Field extends keyof Static<Schema> & string = keyof Static<Schema> & string,
>(
  definition: EventDefinition<Schema>,
  fields?: readonly Field[],
): ConsumerView<Pick<EventData<EventDefinition<Schema>>, Field>> {
  const declared: readonly string[] = fields ?? Object.keys(definition.schema.properties);
  const schema = picked(definition.schema, declared);
  const validator = Compile(opened(schema));
  return {
    definition,
    fields: declared,
    read(payload) {
      if (!validator.Check(payload)) {
        throw new ContractViolationError(definition.type, describeErrors(validator.Errors(payload)));
      }
      return project(schema, payload) as Pick<EventData<EventDefinition<Schema>>, Field>;
    },
  };
}
