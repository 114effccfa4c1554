import { fieldsOf } from './contract-fields.mjs';
import { camel, kebab, pascal, plural, snake, spoken, withArticle } from './words.mjs';

/** Everything that the templates ask for by name, computed from the request and the contract that it reads. */
export function placeholdersFor({ name, topic, ordering }, { definition, Event, port, schema }) {
  const { key, fields } = fieldsOf(definition);
  const thing = `latest-${kebab(definition.aggregate)}`;
  const aggregate = spoken(definition.aggregate);
  return {
    ...{
      name,
      topic,
      ordering,
      port: String(port),
      schema,
      Event,
      constant: camel(name),
      Name: pascal(name),
    },
    ...{ aggregate, anAggregate: withArticle(aggregate), aggregates: plural(aggregate) },
    View: `${pascal(definition.aggregate)}ToKeep`,
    Aggregate: pascal(definition.aggregate),
    ...{ thing, Thing: pascal(thing), table: snake(thing) },
    ...{ things: plural(thing), Things: plural(pascal(thing)) },
    ...keyPlaceholders(key),
    ...codeOf(fields),
    ...sqlOf(fields),
    ...testsOf(fields),
  };
}

function keyPlaceholders(key) {
  const uuid = key.kind === 'uuid';
  return {
    key: key.name,
    Key: pascal(key.name),
    ...{ keyColumn: key.quoted, keyColumnName: key.column, keySql: key.sql },
    keySchema: uuid ? key.schema : 'Type.String({ minLength: 1, maxLength: 256 })',
    badKey: uuid ? '42' : '%00',
    entries: uuid
      ? `events.map(({ id, data }) => ({
          ...data,
          // Postgres writes uuids in lower case: they are compared in its spelling.
          ${key.name}: data.${key.name}.toLowerCase(),
          eventId: id,
        }))`
      : 'events.map(({ id, data }) => ({ ...data, eventId: id }))',
  };
}

function codeOf([key, ...others]) {
  return {
    viewFields: [key, ...others].map(({ name }) => `'${name}'`).join(', '),
    interfaceFields: lines(others, ({ name, type, comment }) => [
      comment && `/** ${comment} */`,
      `readonly ${name}: ${type};`,
    ]),
    entityFields: lines(others, (field) => [
      '',
      field.entityComment && `/** ${field.entityComment} */`,
      `@Column('${field.sql}'${field.column === field.name ? '' : `, { name: '${field.column}' }`})`,
      `${field.name}!: ${field.entity};`,
    ]),
    schemaFields: lines(others, ({ name, schema }) => [`${name}: ${schema},`]),
    answerFields: lines(others, ({ name, answer }) => [`${name}: ${answer(`found.${name}`)},`]),
  };
}

function sqlOf(fields) {
  const others = fields.slice(1);
  const types = [fields[0].sql, 'uuid', ...others.map(({ sql }) => sql)];
  return {
    columns: [fields[0].quoted, 'event_id', ...others.map(({ quoted }) => quoted)].join(', '),
    arrays: types.map((type, index) => `$${index + 1}::${type}[]`).join(', '),
    updates: ['event_id', ...others.map(({ quoted }) => quoted)]
      .map((column) => `${column} = excluded.${column}`)
      .join(',\n                    '),
    definitions: definitionsOf(fields),
    parameters: lines(others, ({ name }) => [`latest.map(({ ${name} }) => ${name}),`]),
  };
}

/** The columns of the table, aligned; texts that are keys compare bytewise, so that every batch locks in one order. */
function definitionsOf([key, ...others]) {
  const columns = [
    [key.quoted, `${key.sql}${key.kind === 'text' ? ' COLLATE "C"' : ''}`, 'PRIMARY KEY'],
    ['event_id', 'uuid', 'NOT NULL'],
    ...others.map(({ quoted, sql }) => [quoted, sql, 'NOT NULL']),
  ];
  const [names, types] = [0, 1].map((at) => Math.max(...columns.map((column) => column[at].length)));
  return columns
    .map(([name, type, rule]) => `        ${name.padEnd(names)} ${type.padEnd(types)} ${rule}`)
    .join(',\n');
}

function testsOf([, ...others]) {
  return {
    changedFields: lines(others, ({ name, changed }) => [`${name}: ${changed},`]),
    sampleFields: lines(others, ({ name, sample }) => [`${name}: ${sample},`]),
    storedFields: lines(others, ({ name, stored }) => [`${name}: ${stored(`data.${name}`)},`]),
    toldFields: lines(others, ({ name, told }) => [`${name}: ${told(`known.${name}`)},`]),
  };
}

/** The lines that a function gives for each field, without those that it leaves out. */
function lines(fields, linesOf) {
  return fields
    .flatMap((field, index) => linesOf(field, index).filter((line) => line !== undefined))
    .join('\n');
}
