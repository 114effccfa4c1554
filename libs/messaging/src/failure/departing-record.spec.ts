import { describe, expect, it } from '@jest/globals';
import { orderCreatedRecord } from '@millrace/testing/runtime';
import { deadLetterOf, retryCopyOf, type Departure } from './departing-record.js';
import { RuntimeHeader, SpringHeader } from './header-names.js';

const source = orderCreatedRecord();

function death(headers = source.headers): Departure {
  return {
    group: 'fraud',
    eventId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
    source: {
      ...source,
      headers,
      topic: 'order.created',
      partition: 5,
      offset: 2n ** 40n,
      timestamp: 1_772_366_400_005,
    },
    reason: 'EXHAUSTED',
    attempt: 3,
    firstFailureAt: Date.parse('2026-03-01T12:00:00Z'),
    serviceVersion: '1.2.3',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    errorClass: 'RetryableError',
    errorMessage: 'not yet',
    errorStack: 'RetryableError: not yet\n    at assess',
  };
}

describe('a dead letter', () => {
  it('keeps key, bytes, headers and partition number of its record', () => {
    const letter = deadLetterOf(death(), 'full');
    expect(letter).toMatchObject({
      topic: 'fraud.order.created.dlq',
      partition: 5,
      key: source.key,
      value: source.value,
    });
    expect(letter.headers).toMatchObject(source.headers);
  });

  it('says where it came from and why it died, as text', () => {
    expect(deadLetterOf(death(), 'full').headers).toMatchObject({
      [RuntimeHeader.attempt]: '3',
      [RuntimeHeader.firstFailureAt]: '2026-03-01T12:00:00.000Z',
      [RuntimeHeader.originalTopic]: 'order.created',
      [RuntimeHeader.originalPartition]: '5',
      [RuntimeHeader.originalOffset]: '1099511627776',
      [RuntimeHeader.originalTimestamp]: '1772366400005',
      [RuntimeHeader.group]: 'fraud',
      [RuntimeHeader.errorReason]: 'EXHAUSTED',
      [RuntimeHeader.errorClass]: 'RetryableError',
      [RuntimeHeader.errorMessage]: 'not yet',
      [RuntimeHeader.errorStack]: 'RetryableError: not yet\n    at assess',
      [RuntimeHeader.serviceVersion]: '1.2.3',
    });
  });

  it('says it once more in the names and binary forms of Spring', () => {
    const { headers } = deadLetterOf(death(), 'full');
    expect(headers).toMatchObject({
      [SpringHeader.originalTopic]: 'order.created',
      [SpringHeader.originalConsumerGroup]: 'fraud',
      [SpringHeader.exceptionClass]: 'RetryableError',
      [SpringHeader.exceptionMessage]: 'not yet',
    });
    expect(headers[SpringHeader.originalPartition]).toEqual(Buffer.from('00000005', 'hex'));
    expect(headers[SpringHeader.originalOffset]).toEqual(Buffer.from('0000010000000000', 'hex'));
    expect(headers[SpringHeader.originalTimestamp]).toEqual(
      Buffer.from((1_772_366_400_005).toString(16).padStart(16, '0'), 'hex'),
    );
  });

  it('shrinks by the stack first and then by the message', () => {
    const without = deadLetterOf(death(), 'without-stack').headers;
    expect(without).not.toHaveProperty([RuntimeHeader.errorStack]);
    expect(without).not.toHaveProperty([SpringHeader.exceptionStack]);
    expect(without).toHaveProperty([RuntimeHeader.errorMessage]);
    const least = deadLetterOf(death(), 'without-message').headers;
    expect(least).not.toHaveProperty([RuntimeHeader.errorMessage]);
    expect(least).not.toHaveProperty([SpringHeader.exceptionMessage]);
    expect(least).toHaveProperty([RuntimeHeader.errorClass]);
  });

  it('replaces what an earlier death wrote, also when it says less itself', () => {
    const earlier = {
      ...source.headers,
      [RuntimeHeader.errorStack]: 'old stack',
      [SpringHeader.exceptionMessage]: 'old',
    };
    const { headers } = deadLetterOf(death(earlier), 'without-message');
    expect(JSON.stringify(headers)).not.toContain('old');
  });

  it('drops a header without a value and keeps one that was written twice', () => {
    const { headers } = deadLetterOf(death({ empty: undefined, twice: ['a', 'b'] }), 'full');
    expect(headers).not.toHaveProperty('empty');
    expect(headers['twice']).toEqual(['a', 'b']);
  });
});

describe('a retry copy', () => {
  const due = Date.parse('2026-03-01T12:00:05Z');

  it('goes to the topic of its delay, to the partition of its source, and says when it is due', () => {
    const copy = retryCopyOf(death(), '5s', due, 'full');
    expect(copy).toMatchObject({
      topic: 'fraud.order.created.retry.5s',
      partition: 5,
      key: source.key,
      value: source.value,
    });
    expect(copy.headers).toMatchObject({
      ...source.headers,
      [RuntimeHeader.notBefore]: '2026-03-01T12:00:05.000Z',
      [RuntimeHeader.attempt]: '3',
    });
  });

  it('carries no stack and nothing of Spring, which are for dead letters', () => {
    const { headers } = retryCopyOf(death(), '5s', due, 'full');
    const foreign = [RuntimeHeader.errorStack, ...Object.values(SpringHeader)];
    expect(Object.keys(headers).filter((name) => foreign.includes(name as never))).toEqual([]);
  });
});
