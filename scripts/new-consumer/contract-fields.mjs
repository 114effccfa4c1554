import { Refusal } from './refusal.mjs';
import { snake } from './words.mjs';

/** Fields beside the key that a new consumer begins with; its team adds and removes as it needs. */
const MOST_FIELDS = 5;

/**
 * How a kind of field appears in Postgres (`sql`), as a payload's value (`type`), as an entity's (`entity`, the same
 * unless said), over HTTP (`schema`). `answer` turns an entity's value into the answer's, `stored` a payload's into
 * the entity's, `told` a payload's into the answer's; `sample` and `changed` are two values of tests.
 */
const KINDS = {
  uuid: {
    sql: 'uuid',
    type: 'string',
    schema: 'schemaTypes.Uuid()',
    sample: "'01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10'",
    changed: "'01993f6e-8f2b-7c11-9a54-3d2f0c9a7bff'",
  },
  instant: {
    sql: 'timestamptz',
    type: 'string',
    entity: 'Date',
    schema: 'schemaTypes.Instant()',
    sample: "'2026-03-01T10:15:30.000Z'",
    changed: "'2027-01-01T00:00:00.000Z'",
    answer: (value) => `${value}.toISOString()`,
    stored: (value) => `new Date(${value})`,
    told: (value) => `new Date(${value}).toISOString()`,
    comment: 'RFC 3339.',
  },
  text: { sql: 'text', type: 'string', schema: 'Type.String()', sample: "'any'", changed: "'changed'" },
  whole: {
    sql: 'bigint',
    type: 'number',
    entity: 'string',
    schema: 'Type.Integer()',
    sample: '1',
    changed: '9007199254740991',
    answer: (value) => `Number(${value})`,
    stored: (value) => `String(${value})`,
    entityComment: 'A bigint as decimal text.',
  },
  number: { sql: 'double precision', type: 'number', schema: 'Type.Number()', sample: '1', changed: '0.5' },
  truth: { sql: 'boolean', type: 'boolean', schema: 'Type.Boolean()', sample: 'true', changed: 'false' },
};

/** SQL words that are no column names without quotes. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
   current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else
   end except false fetch for foreign from grant group having in initially intersect into lateral leading limit
   localtime localtimestamp not null offset on only or order placing primary references returning select
   session_user some symmetric table then to trailing true union unique user using variadic when where window
   with`.split(/\s+/),
);

/**
 * The fields of a contract that a new consumer keeps: its key, then required values that are no personal data.
 * Lists, objects and optional fields are left to the team.
 */
export function fieldsOf(definition) {
  const { properties, required = [] } = definition.schema;
  const fields = Object.entries(properties).flatMap(([name, schema]) => {
    const kind = kindOf(schema);
    return kind && required.includes(name) ? [fieldOf(name, kind, schema)] : [];
  });
  const key = fields.find(({ name }) => name === definition.key);
  if (!key || key.column === 'event_id') {
    throw new Refusal(
      `${definition.type} has the key ${definition.key}, which this command has no table for.`,
    );
  }
  const personal = (name) => definition.personalData.some((pointer) => pointer.split('/')[1] === name);
  const others = fields.filter(
    (field) => field !== key && field.column !== 'event_id' && !personal(field.name),
  );
  return { key, fields: [key, ...others.slice(0, MOST_FIELDS)] };
}

function fieldOf(name, kind, { enum: choices }) {
  const same = (value) => value;
  const column = snake(name);
  return {
    name,
    kind,
    column,
    quoted: RESERVED.has(column) ? `"${column}"` : column,
    entity: KINDS[kind].type,
    answer: same,
    stored: same,
    told: same,
    ...KINDS[kind],
    ...(choices && { changed: `'${choices.at(-1)}'` }),
  };
}

function kindOf({ type, format, enum: choices }) {
  if (choices) return choices.every((choice) => typeof choice === 'string') ? 'text' : undefined;
  if (type === 'string') return { uuid: 'uuid', 'date-time': 'instant' }[format] ?? 'text';
  return { integer: 'whole', number: 'number', boolean: 'truth' }[type];
}
