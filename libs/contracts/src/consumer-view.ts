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
  /**
   * Reads a decoded payload; throws `ContractViolationError` when a declared field is missing or wrong. Each enum value
   * that is not known is told to `onUnknown`.
   */
  read(payload: unknown, onUnknown?: () => void): Data;
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

/** Makes of a checked value what the schema declares of it. */
type Projection = (value: unknown, onUnknown?: () => void) => unknown;

const same: Projection = (value) => value;

/**
 * Compiles the projection of a schema: it drops what the schema does not declare and maps enum values that it does not
 * know to UNKNOWN. Compiled once per view, because every event of a consumer goes through it.
 */
function projection(schema: JsonSchema): Projection {
  const { enum: known, properties, items } = schema;
  if (known) {
    return (value, onUnknown) => {
      if (known.includes(value)) return value;
      onUnknown?.();
      return UNKNOWN;
    };
  }
  if (properties) {
    return objectProjection(
      Object.entries(properties).map(([name, field]) => ({ name, project: projection(field) })),
    );
  }
  if (!items) return same;
  const item = projection(items);
  if (item === same) return same;
  return (value, onUnknown) => (Array.isArray(value) ? value.map((one) => item(one, onUnknown)) : value);
}

function objectProjection(
  fields: readonly { readonly name: string; readonly project: Projection }[],
): Projection {
  return (value, onUnknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const source = value as Readonly<Record<string, unknown>>;
    const taken: Record<string, unknown> = {};
    for (const { name, project } of fields) {
      const given = source[name];
      if (given !== undefined) taken[name] = project === same ? given : project(given, onUnknown);
    }
    return taken;
  };
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
  const project = projection(schema);
  return {
    definition,
    fields: declared,
    read(payload, onUnknown) {
      if (!validator.Check(payload)) {
        throw new ContractViolationError(definition.type, describeErrors(validator.Errors(payload)));
      }
      return project(payload, onUnknown) as Pick<EventData<EventDefinition<Schema>>, Field>;
    },
  };
}
