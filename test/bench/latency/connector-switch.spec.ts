import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { untuned } from './connector-switch.js';

const FILE = new URL('../../../deploy/connect/outbox-connector.json', import.meta.url);

it('without its tuning the connector keeps where it reads, where it routes and how it converts', () => {
  const ours = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>;
  const left = Object.keys(untuned(ours));
  const gone = Object.keys(ours).filter((name) => !left.includes(name));
  expect(gone.toSorted()).toEqual([
    'heartbeat.action.query',
    'heartbeat.interval.ms',
    'lsn.flush.mode',
    'max.batch.size',
    'max.queue.size',
    'max.queue.size.in.bytes',
    'message.prefix.exclude.list',
    'poll.interval.ms',
    'producer.override.acks',
    'producer.override.compression.type',
    'producer.override.enable.idempotence',
    'producer.override.linger.ms',
    'producer.override.max.in.flight.requests.per.connection',
    'retriable.restart.connector.wait.ms',
  ]);
});
