import { readFileSync } from 'node:fs';
import { EventHeader } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { PUBLICATION } from '../capture/capture-names.js';
import { readConnectorFile } from './connector-file.js';

type Line = readonly [setting: string, value: string, because: string];

const folder = new URL('../../../../deploy/connect/', import.meta.url);
const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');

const connectorLines: readonly Line[] = [
  [
    'connector.class',
    'io.debezium.connector.postgresql.PostgresConnector',
    'Debezium 3.6.3 or later: earlier ones can skip rows when they restart (dbz#76, dbz#51, dbz#1554)',
  ],
  ['tasks.max', '1', 'one slot is read by one task; more is refused'],
  ['plugin.name', 'pgoutput', 'the output plugin that comes with Postgres, and that the slot was made for'],
  [
    'topic.prefix',
    '${env:MILLRACE_TOPIC_PREFIX}',
    'names the heartbeat topic and the metrics; two connectors on one worker must never share it',
  ],
  ['database.hostname', '${env:MILLRACE_DATABASE_HOST}', 'one file serves every place'],
  ['database.port', '${env:MILLRACE_DATABASE_PORT}', 'one file serves every place'],
  ['database.dbname', '${env:MILLRACE_DATABASE_NAME}', 'one file serves every place'],
  [
    'database.user',
    '${env:MILLRACE_CAPTURE_USER}',
    'a role that may replicate and read the outboxes, nothing else',
  ],
  [
    'database.password',
    '${env:MILLRACE_CAPTURE_PASSWORD}',
    "stays in the worker's environment: neither this file, nor the configuration topic, nor the REST interface shows it",
  ],
  [
    'slot.name',
    '${env:MILLRACE_CAPTURE_SLOT}',
    'slot names are unique per server: tests that share one use their own',
  ],
  ['slot.failover', 'true', 'the slot follows the database to its standby'],
  ['publication.name', 'millrace_outbox', 'the keeper makes it, over the outboxes of all producers'],
  [
    'publication.autocreate.mode',
    'disabled',
    'the connector needs no rights on tables, and never publishes more than the outboxes',
  ],
  [
    'table.include.list',
    '^[a-z_]+\\.outbox$',
    'nothing but outboxes reaches the router, whatever the publication lists',
  ],
  [
    'snapshot.mode',
    'no_data',
    'the router passes snapshot rows on as events: a snapshot would send every kept row again',
  ],
  ['skipped.operations', 'u,d,t', 'an outbox row is an event when it is inserted; housekeeping is none'],
  ['tombstones.on.delete', 'false', 'a dropped row must not delete an event'],
  ['provide.transaction.metadata', 'false', 'transaction topics would have to exist, and nobody reads them'],
  ['extended.headers.enabled', 'false', 'consumers get exactly the headers of the contract'],
  [
    'poll.interval.ms',
    '${env:MILLRACE_CAPTURE_POLL_MS}',
    '5 ms gives 8 ms from commit to consumer at the median, the default of 500 ms gives 556 ms; costs a fifth of a core when idle, so it can be changed',
  ],
  ['max.batch.size', '512', 'a batch is small enough to leave at once'],
  ['max.queue.size', '8192', 'rows that wait for Kafka: bounds memory'],
  ['max.queue.size.in.bytes', '67108864', '64 MiB of waiting rows: a row may have 900 kB'],
  [
    'heartbeat.interval.ms',
    '10000',
    'an idle database keeps WAL for the slot until something confirms a newer position',
  ],
  [
    'heartbeat.action.query',
    "SELECT pg_logical_emit_message(false,'hb',now()::text)",
    'without it only changes in outboxes move the slot, and the WAL of all other tables is kept',
  ],
  [
    'message.prefix.exclude.list',
    'hb',
    'otherwise each heartbeat becomes a record for a topic that does not exist, and the task blocks for ever',
  ],
  [
    'lsn.flush.mode',
    'connector',
    'the slot moves only behind what Kafka has; with connector_and_driver it runs ahead and the task fails at its next start',
  ],
  [
    'offset.mismatch.strategy',
    'trust_offset',
    'a slot that was made anew stops the connector loudly instead of skipping events',
  ],
  ['errors.tolerance', 'none', "for a source, 'all' drops records and confirms them"],
  [
    'retriable.restart.connector.wait.ms',
    '1000',
    'capture goes on a second after the database is back; the default is 10 s',
  ],
  ['producer.override.acks', 'all', 'an acknowledged event survives the loss of a broker'],
  ['producer.override.enable.idempotence', 'true', 'a retried send neither repeats nor reorders'],
  [
    'producer.override.max.in.flight.requests.per.connection',
    '5',
    "the most that keeps order with idempotence; Connect's default of 1 waits for each answer",
  ],
  ['producer.override.linger.ms', '0', 'Kafka 4 waits 5 ms by default'],
  [
    'producer.override.compression.type',
    'none',
    'consumers on kafkajs read none and gzip only, and gzip costs time',
  ],
  [
    'key.converter',
    'org.apache.kafka.connect.storage.StringConverter',
    "the key is the aggregate's id, as text",
  ],
  [
    'value.converter',
    'org.apache.kafka.connect.storage.StringConverter',
    'payload bytes pass untouched ({"a":1.10} stays 1.10), and heartbeats do not break it as they break ByteArrayConverter',
  ],
  [
    'header.converter',
    'org.apache.kafka.connect.storage.StringConverter',
    'headers are plain text without JSON quotes',
  ],
  ['transforms', 'outbox,dropId', 'route first, then drop what the router adds'],
  ['transforms.outbox.type', 'io.debezium.transforms.outbox.EventRouter', 'makes a row an event'],
  [
    'transforms.outbox.route.by.field',
    'topic',
    'the row names its topic; its CHECK keeps the name well-formed',
  ],
  ['transforms.outbox.route.topic.regex', '(.*)', 'takes the whole name'],
  [
    'transforms.outbox.route.topic.replacement',
    '$1',
    'uses it as it is; the default puts outbox.event. before it',
  ],
  ['transforms.outbox.table.field.event.id', 'id', "the event's identity"],
  [
    'transforms.outbox.table.field.event.key',
    'aggregate_id',
    'all events of an aggregate stay in order in one partition',
  ],
  ['transforms.outbox.table.field.event.payload', 'payload', "the text column as the record's value"],
  [
    'transforms.outbox.table.fields.additional.placement',
    'id:header:ce_id,type:header:ce_type,source:header:ce_source,aggregate_id:header:ce_subject,occurred_at:header:ce_time,spec_version:header:ce_specversion,data_schema:header:ce_dataschema,causation_id:header:ce_causationid,content_type:header:content-type,traceparent:header:traceparent',
    'each column as a CloudEvents header; spec_version is a column because InsertHeader makes 1.0 a 1',
  ],
  [
    'transforms.outbox.table.field.additional.missing',
    'ignore',
    'while a new header column is rolled out, an outbox that lacks it goes on',
  ],
  [
    'transforms.dropId.type',
    'org.apache.kafka.connect.transforms.DropHeaders',
    'the router adds a header id beside ce_id, whatever its settings',
  ],
  ['transforms.dropId.headers', 'id', 'one event id is enough'],
];

const workerLines: readonly Line[] = [
  [
    'key.converter',
    'org.apache.kafka.connect.storage.StringConverter',
    'required by the worker; the connector says the same for itself',
  ],
  [
    'value.converter',
    'org.apache.kafka.connect.storage.StringConverter',
    'required by the worker; the connector says the same for itself',
  ],
  ['header.converter', 'org.apache.kafka.connect.storage.StringConverter', 'the same for headers'],
  [
    'offset.flush.interval.ms',
    '1000',
    'what a crash sends twice is what was sent since the last flush; the default is a minute',
  ],
  [
    'topic.creation.enable',
    'false',
    'topics come from the topology alone; as a setting of the connector it would break it',
  ],
  [
    'connector.client.config.override.policy',
    'All',
    "lets the connector set its producer's acks, idempotence and linger",
  ],
  [
    'scheduled.rebalance.max.delay.ms',
    '10000',
    'capture stands still for so long after a worker dies; the default is five minutes',
  ],
  ['config.providers', 'env', 'resolves ${env:…} in the connector file'],
  [
    'config.providers.env.class',
    'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    "Kafka's own provider",
  ],
  [
    'config.providers.env.param.allowlist.pattern',
    '^MILLRACE_.*',
    'nobody reads another variable of the worker through the REST interface',
  ],
];

function propertiesOf(file: string): Record<string, string> {
  const lines = text(file)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('the connector file', () => {
  const file: Record<string, string> = JSON.parse(text('outbox-connector.json'));

  it.each(connectorLines)('sets %s to %s: %s', (setting, value) => {
    expect(file[setting]).toBe(value);
  });

  it('has no line without a reason', () => {
    expect(Object.keys(file).sort()).toEqual(connectorLines.map(([setting]) => setting).sort());
  });

  it('reads the publication that the keeper makes', () => {
    expect(file['publication.name']).toBe(PUBLICATION);
  });

  it('is accepted by the keeper', async () => {
    await expect(readConnectorFile(new URL('outbox-connector.json', folder).pathname)).resolves.toEqual(file);
  });

  it('reads only variables that the worker lets it read', () => {
    const allowed = new RegExp(
      propertiesOf('worker.properties')['config.providers.env.param.allowlist.pattern'] ?? '',
    );
    const names = [...text('outbox-connector.json').matchAll(/\$\{env:(\w+)\}/g)].map(
      ([, name]) => name ?? '',
    );
    expect(names).toHaveLength(8);
    expect(names.filter((name) => !allowed.test(name))).toEqual([]);
  });

  it('carries every header of the contract exactly once, each from a column of the outbox', () => {
    const placement = file['transforms.outbox.table.fields.additional.placement']?.split(',') ?? [];
    const headers = placement.map((entry) => entry.split(':')[2]);
    expect(headers.sort()).toEqual(Object.values<string>(EventHeader).sort());
  });
});

describe('the worker file', () => {
  const file = propertiesOf('worker.properties');

  it.each(workerLines)('sets %s to %s: %s', (setting, value) => {
    expect(file[setting]).toBe(value);
  });

  it('has no line without a reason', () => {
    expect(Object.keys(file).sort()).toEqual(workerLines.map(([setting]) => setting).sort());
  });
});

describe('the page about both files', () => {
  const rows = text('README.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replaceAll(/ +\|/g, ' |'));

  it('gives every line its value and its reason', () => {
    const expected = [...connectorLines, ...workerLines].map(
      ([setting, value, because]) => `| \`${setting}\` | \`${value}\` | ${because} |`,
    );
    expect(rows).toEqual(expected);
  });
});
