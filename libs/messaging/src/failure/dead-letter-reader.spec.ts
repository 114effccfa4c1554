import { describe, expect, it } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import fc from 'fast-check';
import { systemClock } from '../ports/clock.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import { queued } from '../record/queued-record.js';
import { RecordDecoder } from '../record/record-decoder.js';
import { readDeadLetter } from './dead-letter-reader.js';
import { deadLetterOf, type Departure } from './departing-record.js';
import { ConnectHeader, RuntimeHeader, SpringHeader } from './header-names.js';

const NOTHING = readDeadLetter({ headers: {} });
const ID = '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const moment = fc.integer({ min: 0, max: Date.parse('9999-12-31') });

const departure: fc.Arbitrary<Departure> = fc.record({
  group: text,
  eventId: fc.constant(ID),
  source: fc.record({
    topic: text,
    partition: fc.nat(),
    offset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
    timestamp: moment,
    key: fc.constant(null),
    value: fc.constant(null),
    headers: fc.constant({ [EventHeader.id]: ID.toUpperCase() }),
  }),
  reason: fc.constantFrom('DECODE', 'CONTRACT', 'FATAL', 'EXHAUSTED', 'EXPIRED', 'FOLLOWER'),
  attempt: fc.nat(),
  firstFailureAt: moment,
  traceparent: fc.constantFrom(null, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
  serviceVersion: text,
  errorClass: text,
  errorMessage: text,
  errorStack: text,
  replay: fc.record({ replayId: fc.uuid(), count: fc.nat() }),
});

/** Headers as they come back from the broker: bytes only. */
function onTheWire(headers: BrokerRecord['headers']): BrokerRecord['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? Buffer.from(value) : value,
    ]),
  );
}

function only(names: Readonly<Record<string, string>>, headers: BrokerRecord['headers']) {
  const kept = new Set(Object.values(names));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.has(name)));
}

describe('the reader of dead letters', () => {
  it('reads back everything that a dead letter of ours says', () => {
    fc.assert(
      fc.property(departure, (death) => {
        const headers = onTheWire(deadLetterOf(death, 'full').headers);
        expect(readDeadLetter({ headers })).toEqual({
          eventId: ID,
          originalTopic: death.source.topic,
          originalPartition: death.source.partition,
          originalOffset: death.source.offset,
          originalTimestamp: death.source.timestamp,
          group: death.group,
          reason: death.reason,
          errorClass: death.errorClass,
          errorMessage: death.errorMessage,
          errorStack: death.errorStack,
          firstFailureAt: death.firstFailureAt,
          attempt: death.attempt,
          replayId: death.replay?.replayId,
          replayCount: death.replay?.count,
        });
      }),
    );
  });

  it('reads the binary integers of Spring', () => {
    fc.assert(
      fc.property(departure, (death) => {
        const headers = onTheWire(only(SpringHeader, deadLetterOf(death, 'full').headers));
        const { topic, partition, offset, timestamp } = death.source;
        // 4 bytes that are digits all of them would be a partition above 800 million.
        fc.pre(!/^\d+$/.test(Buffer.from(partition.toString(16).padStart(8, '0'), 'hex').toString()));
        expect(readDeadLetter({ headers })).toMatchObject({
          originalTopic: topic,
          originalPartition: partition,
          originalOffset: offset,
          originalTimestamp: timestamp,
          group: death.group,
          errorClass: death.errorClass,
          errorMessage: death.errorMessage,
          errorStack: death.errorStack,
        });
      }),
    );
  });

  it('reads integers that others have written as text under the names of Spring', () => {
    const headers = onTheWire({
      [SpringHeader.originalPartition]: '1234',
      [SpringHeader.originalOffset]: '12345678',
      [SpringHeader.originalTimestamp]: '1772366400005',
    });
    expect(readDeadLetter({ headers })).toEqual({
      ...NOTHING,
      originalPartition: 1_234,
      originalOffset: 12_345_678n,
      originalTimestamp: 1_772_366_400_005,
    });
  });

  it('names what the listener threw where Spring has wrapped it, and the newest of several deaths', () => {
    const headers = {
      [SpringHeader.exceptionClass]: 'ListenerExecutionFailedException',
      [SpringHeader.exceptionCauseClass]: [Buffer.from('OldException'), Buffer.from('NewException')],
    };
    expect(readDeadLetter({ headers }).errorClass).toBe('NewException');
  });

  it('reads a dead letter of Kafka Connect', () => {
    const headers = onTheWire({
      [ConnectHeader.originalTopic]: 'order.created',
      [ConnectHeader.originalPartition]: '3',
      [ConnectHeader.originalOffset]: '42',
      [ConnectHeader.connectorName]: 'warehouse',
      [ConnectHeader.exceptionClass]: 'org.apache.kafka.connect.errors.DataException',
      [ConnectHeader.exceptionMessage]: 'no such field',
      [ConnectHeader.exceptionStack]: 'DataException: no such field',
    });
    expect(readDeadLetter({ headers })).toEqual({
      ...NOTHING,
      eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5/),
      originalTopic: 'order.created',
      originalPartition: 3,
      originalOffset: 42n,
      group: 'connect-warehouse',
      errorClass: 'org.apache.kafka.connect.errors.DataException',
      errorMessage: 'no such field',
      errorStack: 'DataException: no such field',
    });
  });

  it('gives an event without a usable id the id that the runtime knows it by', () => {
    const source = { topic: 'order.created', partition: 2, offset: 7n, key: null, value: null, timestamp: 0 };
    const headers = { [EventHeader.id]: 'not-a-uuid' };
    const decoder = new RecordDecoder(new Map(), systemClock, { group: 'fraud', inboxHorizonMs: 1 });
    const role = { kind: 'source', source: source.topic } as const;
    const item = decoder.decode(queued({ ...source, headers: {} }, role, 0));
    const origin = {
      [RuntimeHeader.originalTopic]: 'order.created',
      [RuntimeHeader.originalPartition]: '2',
      [RuntimeHeader.originalOffset]: '7',
    };
    const { eventId } = readDeadLetter({ headers: { ...headers, ...origin } });
    expect(item).toMatchObject({ kind: 'poison', eventId });
  });

  it('leaves undefined what makes no sense', () => {
    const headers = {
      [RuntimeHeader.originalPartition]: '-1',
      [RuntimeHeader.originalOffset]: '99999999999999999999',
      [RuntimeHeader.originalTimestamp]: 'yesterday',
      [RuntimeHeader.firstFailureAt]: 'soon',
      [RuntimeHeader.attempt]: '1.5',
      [RuntimeHeader.replayCount]: '9'.repeat(18),
      [RuntimeHeader.errorReason]: 'MOOD',
      [SpringHeader.originalPartition]: Buffer.from([0xff, 0xff, 0xff, 0xff]),
      [SpringHeader.originalOffset]: Buffer.from([1, 2, 3]),
    };
    expect(readDeadLetter({ headers })).toEqual(NOTHING);
    expect(Object.values(NOTHING).every((value) => value === undefined)).toBe(true);
  });

  it('never throws, whatever the headers hold', () => {
    const names = [RuntimeHeader, SpringHeader, ConnectHeader].flatMap(Object.values<string>);
    const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array));
    const single = fc.oneof(bytes, text, fc.constantFrom('0', '9'.repeat(19), '9'.repeat(30), ''));
    const value = fc.oneof(single, fc.array(single, { maxLength: 3 }), fc.constant(undefined));
    const headers = fc.dictionary(fc.constantFrom(...names, EventHeader.id), value);
    fc.assert(
      fc.property(headers, (any) => {
        const info = readDeadLetter({ headers: any });
        const { originalPartition = 0, originalOffset = 0n, attempt = 0 } = info;
        expect(originalPartition >= 0 && originalOffset >= 0n && Number.isSafeInteger(attempt)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
