import { expect } from '@jest/globals';
import {
  RuntimeHeader,
  SpringHeader,
  type BrokerRecord,
  type CompleteConsumerOptions,
  type HeaderValue,
} from '@millrace/messaging';

/** What a dead letter must tell. */
export interface DeathExpected {
  /** The record that died, at its place. */
  readonly original: BrokerRecord;
  readonly options: CompleteConsumerOptions;
  readonly reason: 'EXHAUSTED' | 'FATAL';
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Compares a dead letter with what it must tell: its source untouched, our headers and those of Spring. */
export function assertExplains(letter: BrokerRecord | undefined, expected: DeathExpected): void {
  const { original } = expected;
  expect(letter?.key).toEqual(original.key);
  expect(letter?.value).toEqual(original.value);
  expect(letter?.partition).toBe(original.partition);
  const headers = letter?.headers ?? {};
  expect(textOf(headers, Object.keys(original.headers))).toEqual(
    textOf(original.headers, Object.keys(original.headers)),
  );
  assertOwnHeaders(headers, expected);
  assertSpringHeaders(headers, expected);
  expect(headers).not.toHaveProperty([RuntimeHeader.notBefore]);
}

function assertOwnHeaders(
  headers: BrokerRecord['headers'],
  { original, options, reason }: DeathExpected,
): void {
  expect(textOf(headers, Object.values(RuntimeHeader))).toEqual({
    [RuntimeHeader.attempt]: expect.stringMatching(/^[1-9]\d*$/),
    [RuntimeHeader.attemptTraceparent]: expect.stringMatching(TRACEPARENT),
    [RuntimeHeader.firstFailureAt]: expect.stringMatching(RFC_3339),
    [RuntimeHeader.originalTopic]: original.topic,
    [RuntimeHeader.originalPartition]: String(original.partition),
    [RuntimeHeader.originalOffset]: String(original.offset),
    [RuntimeHeader.originalTimestamp]: String(original.timestamp),
    [RuntimeHeader.group]: options.group,
    [RuntimeHeader.errorReason]: reason,
    [RuntimeHeader.errorClass]: reason === 'FATAL' ? 'FatalError' : 'RetryableError',
    [RuntimeHeader.errorMessage]: expect.stringMatching(/^this event can/),
    [RuntimeHeader.errorStack]: expect.stringContaining('handler-plan'),
    [RuntimeHeader.serviceVersion]: '1.2.3',
  });
}

function assertSpringHeaders(headers: BrokerRecord['headers'], { original, options }: DeathExpected): void {
  expect(textOf(headers, TEXT_OF_SPRING)).toEqual({
    [SpringHeader.originalTopic]: original.topic,
    [SpringHeader.originalConsumerGroup]: options.group,
    [SpringHeader.exceptionClass]: String(headers[RuntimeHeader.errorClass]),
    [SpringHeader.exceptionMessage]: String(headers[RuntimeHeader.errorMessage]),
    [SpringHeader.exceptionStack]: String(headers[RuntimeHeader.errorStack]),
  });
  expect(bytesOf(headers[SpringHeader.originalPartition]).readInt32BE()).toBe(original.partition);
  expect(bytesOf(headers[SpringHeader.originalOffset]).readBigInt64BE()).toBe(original.offset);
  expect(bytesOf(headers[SpringHeader.originalTimestamp]).readBigInt64BE()).toBe(BigInt(original.timestamp));
}

const TEXT_OF_SPRING = [
  SpringHeader.originalTopic,
  SpringHeader.originalConsumerGroup,
  SpringHeader.exceptionClass,
  SpringHeader.exceptionMessage,
  SpringHeader.exceptionStack,
];

function textOf(headers: BrokerRecord['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

function bytesOf(value: HeaderValue): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new Error('the header has no bytes');
}
