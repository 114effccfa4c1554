import { randomUUID } from 'node:crypto';
import { encodeEvent, EventHeader, {{Event}} } from '@millrace/contracts';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreatedRecord, withHeaders, type ProducedRecord } from '@millrace/testing/runtime';
import { {{Name}}Consumer } from './{{name}}.consumer.js';
import { migrations } from './migrations/index.js';

/** A record of `{{topic}}` as capture writes it, about {{anAggregate}} of its own. */
function record(eventId: string): ProducedRecord {
  const [example] = {{Event}}.examples;
  const {{key}} = randomUUID();
  const captured = withHeaders(orderCreatedRecord(undefined, eventId), {
    [EventHeader.type]: Buffer.from({{Event}}.type),
    [EventHeader.source]: Buffer.from({{Event}}.source),
    [EventHeader.subject]: Buffer.from({{key}}),
    [EventHeader.dataSchema]: Buffer.from({{Event}}.dataSchema),
  });
  return {
    ...captured,
    key: Buffer.from({{key}}),
    value: Buffer.from(encodeEvent({{Event}}, { ...example!, {{key}} })),
  };
}

const {{constant}}: ConsumerSubject = {
  consumer: {{Name}}Consumer,
  schema: '{{schema}}',
  migrations,
  event: record,
  effects: 'SELECT event_id FROM {{table}}',
};

describeConsumer({{constant}}, { postgres: stack.postgres });
