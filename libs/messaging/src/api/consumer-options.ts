import type { Ordering } from '@millrace/contracts';
import { ConsumerDefinitionError } from './errors.js';

/** How a consumer behaves; times in milliseconds. Everything but the group has a default. */
export interface ConsumerOptions {
  /** Consumer group: the service's name. */
  readonly group: string;
  /** What must stay in order. @default 'key' */
  readonly ordering?: Ordering;
  /** Records of one transaction at most. @default 500 */
  readonly batchRecords?: number;
  /** Payload bytes of one transaction at most; a single larger record still runs. @default 1_048_576 */
  readonly batchBytes?: number;
  /** Records that wait per partition before fetching pauses; at least `batchRecords`. @default 2_000 */
  readonly queueRecords?: number;
  /** Tries of a record that stands alone, the first included. @default 3 */
  readonly tries?: number;
  /** Time within which all tries of a record happen, spread by doubling with jitter. @default 2_000 */
  readonly triesWithinMs?: number;
  /** Silence after which the group gives this member's partitions away. @default 10_000 */
  readonly sessionTimeoutMs?: number;
  /** Interval of heartbeats; at most a third of the session timeout. @default 3_000 */
  readonly heartbeatIntervalMs?: number;
  /** Longest time between two commits of offsets. @default 1_000 */
  readonly commitIntervalMs?: number;
  /** Terminal records after which offsets are committed at once. @default 1_000 */
  readonly commitRecords?: number;
  /** Fetched, uncommitted records of a partition after which it pauses; at least `queueRecords`. @default 10_000 */
  readonly uncommittedRecords?: number;
  /** Time that a clean stop waits for transactions in flight. @default 25_000 */
  readonly drainMs?: number;
}

/** Consumer options with every default applied. */
export type CompleteConsumerOptions = Required<ConsumerOptions>;

const defaults = {
  ordering: 'key',
  batchRecords: 500,
  batchBytes: 1_048_576,
  queueRecords: 2_000,
  tries: 3,
  triesWithinMs: 2_000,
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 3_000,
  commitIntervalMs: 1_000,
  commitRecords: 1_000,
  uncommittedRecords: 10_000,
  drainMs: 25_000,
} satisfies Omit<CompleteConsumerOptions, 'group'>;

/** Applies the defaults; throws `ConsumerDefinitionError` naming every option that excludes another. */
export function completeOptions(options: ConsumerOptions): CompleteConsumerOptions {
  const complete = { ...defaults, ...options };
  const problems = problemsOf(complete);
  if (problems.length > 0) {
    throw new ConsumerDefinitionError(`consumer '${options.group}': ${problems.join('; ')}`);
  }
  return complete;
}

function problemsOf(options: CompleteConsumerOptions): string[] {
  const positive = Object.entries(options)
    .filter(([, value]) => typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 1))
    .map(([name]) => `${name} must be a whole number of at least 1`);
  const rules: [boolean, string][] = [
    [/^[a-z][a-z0-9-]*$/.test(options.group), 'group must be a service name in lower-case kebab form'],
    [options.queueRecords >= options.batchRecords, 'queueRecords must be at least batchRecords'],
    [options.uncommittedRecords >= options.queueRecords, 'uncommittedRecords must be at least queueRecords'],
    [
      options.heartbeatIntervalMs * 3 <= options.sessionTimeoutMs,
      'heartbeatIntervalMs must be at most a third of sessionTimeoutMs',
    ],
  ];
  return [...positive, ...rules.filter(([holds]) => !holds).map(([, message]) => message)];
}
