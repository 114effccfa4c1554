import { ContractViolationError } from '@millrace/contracts';
import { FatalError, RetryableError } from '../api/errors.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import { isError } from './is-error.js';

/**
 * What the runtime does with an error:
 * `conflict` — run the whole batch again, no attempt is spent;
 * `infrastructure` — hold until the dependency answers again, no attempt is spent;
 * `retryable` — try again a bounded number of times; `fatal` — never again.
 */
export type ErrorClass = 'conflict' | 'infrastructure' | 'retryable' | 'fatal';

/** Times that a dependency may answer its probe and the same records fail so again, before they are to blame. */
export const BLAMELESS_HOLDS = 5;

/** Serialization failures and deadlocks in a row before the records are to blame. */
export const BLAMELESS_CONFLICTS = 20;

const CONFLICTS = new Set(['40001', '40P01']);

/** Postgres: connection exceptions, insufficient resources, operator intervention, system errors, a server that is read-only after a failover. */
const INFRASTRUCTURE_SQLSTATE = /^(08|53|58|57P0|25006)/;

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const KAFKA_CONNECTION = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSLockTimeout',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSTopicMetadataNotLoaded',
]);

/** TypeORM, when the connection of a transaction died in the middle of it. */
const TYPEORM_CONNECTION = new Set([
  'QueryRunnerProviderAlreadyReleasedError',
  'QueryRunnerAlreadyReleasedError',
]);

/** Connection losses that `pg` and its pool report as plain errors without a code. */
const LOST_CONNECTION =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Driver not Connected|Cannot use a pool after calling end/i;

interface ErrorShape {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly driverError?: unknown;
  readonly retriable?: unknown;
}

/** Classifies any error whatever; the unknown is retryable, because a dead letter must be earned. */
export function classifyError(error: unknown): ErrorClass {
  if (error instanceof FatalError || error instanceof ContractViolationError) return 'fatal';
  if (error instanceof RetryableError) return 'retryable';
  if (!isError(error)) return 'retryable';
  return classifyForeign(error);
}

function classifyForeign(error: ErrorShape): ErrorClass {
  const code = typeof error.code === 'string' ? error.code : '';
  if (CONFLICTS.has(code)) return 'conflict';
  if (INFRASTRUCTURE_SQLSTATE.test(code) && code.length === 5) return 'infrastructure';
  if (NETWORK.has(code) || KAFKA_CONNECTION.has(error.name)) return 'infrastructure';
  if (error.name === 'KafkaJSProtocolError' && error.retriable === true) return 'infrastructure';
  if (TYPEORM_CONNECTION.has(error.name)) return 'infrastructure';
  if (LOST_CONNECTION.test(error.message)) return 'infrastructure';
  const inner = error.driverError ?? error.cause;
  return isError(inner) && inner !== error ? classifyForeign(inner) : 'retryable';
}

/**
 * Classifies an error of a transaction. Handlers that ran out of time are only to blame when the database answers:
 * one that hangs keeps every handler waiting.
 */
export async function blameOf(error: unknown, store: ConsumerStore): Promise<ErrorClass> {
  const outOfTime = isError(error) && 'code' in error && error.code === 'HANDLER_TIMEOUT';
  if (!outOfTime) return classifyError(error);
  return store.probe().then(
    () => 'retryable' as const,
    () => 'infrastructure' as const,
  );
}
