import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { ContractViolationError } from '@millrace/contracts';
import { ConsumerDefinitionError, DecodeError, FatalError, RetryableError } from '../api/errors.js';
import { isConnectionError } from '../kafka/kafka-errors.js';
import { classifyError, type ErrorClass } from './error-classifier.js';

function postgres(code: string): Error {
  return Object.assign(new Error('server says no'), { name: 'error', code });
}

function wrapped(inner: Error): Error {
  return Object.assign(new Error(inner.message), { name: 'QueryFailedError', driverError: inner });
}

function kafka(name: string, more: object = {}): Error {
  return Object.assign(new Error('kafkajs'), { name, ...more });
}

const table: readonly (readonly [string, unknown, ErrorClass])[] = [
  ['our RetryableError', new RetryableError('later'), 'retryable'],
  ['our FatalError', new FatalError('never'), 'fatal'],
  ['a DecodeError', new DecodeError('no JSON'), 'fatal'],
  ['a contract violation', new ContractViolationError('order.created', []), 'fatal'],
  ['a serialization failure', postgres('40001'), 'conflict'],
  ['a deadlock', postgres('40P01'), 'conflict'],
  ['a deadlock inside TypeORM', wrapped(postgres('40P01')), 'conflict'],
  ['a lost connection (08006)', postgres('08006'), 'infrastructure'],
  ['too many connections (53300)', postgres('53300'), 'infrastructure'],
  ['a full disk inside TypeORM (53100)', wrapped(postgres('53100')), 'infrastructure'],
  ['a shutdown by the administrator (57P01)', wrapped(postgres('57P01')), 'infrastructure'],
  ['a server that starts up (57P03)', postgres('57P03'), 'infrastructure'],
  ['an I/O error of the server (58030)', postgres('58030'), 'infrastructure'],
  ['a statement that took too long (57014)', postgres('57014'), 'retryable'],
  ['a unique violation', wrapped(postgres('23505')), 'retryable'],
  ['a value that Postgres cannot hold', wrapped(postgres('22021')), 'retryable'],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'infrastructure'],
  [
    'a reset connection inside TypeORM',
    wrapped(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
    'infrastructure',
  ],
  [
    'a refused connection as a cause',
    new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
    'infrastructure',
  ],
  ['a connection that pg lost', new Error('Connection terminated unexpectedly'), 'infrastructure'],
  [
    'a pool that gave no connection in time',
    new Error('timeout exceeded when trying to connect'),
    'infrastructure',
  ],
  ['a TypeORM runner whose connection broke', kafka('QueryRunnerAlreadyReleasedError'), 'infrastructure'],
  ['a broker that is away', kafka('KafkaJSConnectionError'), 'infrastructure'],
  ['retries used up', kafka('KafkaJSNumberOfRetriesExceeded', { retriable: false }), 'infrastructure'],
  ['a retriable answer of the broker', kafka('KafkaJSProtocolError', { retriable: true }), 'infrastructure'],
  ['a final answer of the broker', kafka('KafkaJSProtocolError', { retriable: false }), 'retryable'],
  [
    'an HTTP client error with a five-letter code',
    Object.assign(new Error('x'), { code: '53ABCDEF' }),
    'retryable',
  ],
  ['a TypeError', new TypeError('undefined is not a function'), 'retryable'],
  ['something that is no error', 'text', 'retryable'],
  ['nothing', undefined, 'retryable'],
];

describe('classifyError', () => {
  it.each(table)('judges %s', (_, error, expected) => {
    expect(classifyError(error)).toBe(expected);
  });

  it('knows an error of another realm', () => {
    const foreign: unknown = runInNewContext(`Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })`);
    expect(foreign instanceof Error).toBe(false);
    expect(classifyError(foreign)).toBe('infrastructure');
  });

  it('survives an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(classifyError(error)).toBe('retryable');
  });
});

describe('isConnectionError', () => {
  it.each([
    ['a connection error', kafka('KafkaJSConnectionError', { retriable: true }), true],
    ['retries used up', kafka('KafkaJSNumberOfRetriesExceeded', { retriable: false }), true],
    ['a missing group coordinator', kafka('KafkaJSGroupCoordinatorNotFound', { retriable: true }), true],
    ['a refused authorization', kafka('KafkaJSProtocolError', { retriable: false }), false],
    ['a programming error', new TypeError('x is undefined'), false],
    ['a wrong definition', new ConsumerDefinitionError('no handlers'), false],
  ])('tells whether a new consumer may help after %s', (_, error, expected) => {
    expect(isConnectionError(error)).toBe(expected);
  });
});
