import {
  DEAD_LETTER_RETENTION_MS,
  DEFAULT_RETRY_DELAYS,
  DOMAIN_RETENTION_MS,
  type Ordering,
} from '@millrace/contracts';
import { ConsumerDefinitionError } from './errors.js';
import { retryPlan, type RetryPlan } from './retry-plan.js';

/**
 * What becomes of the followers of a dead event of their key: they wait until an operator or a replay decides
 * (`block`), go on without it (`skip`), or are dead-lettered behind it, in order (`drain`).
 */
export type DeadHeadPolicy = 'block' | 'skip' | 'drain';

/** How a consumer behaves; times in milliseconds. Everything but the group has a default. */
export interface ConsumerOptions {
  /** Consumer group: the service's name. */
  readonly group: string;
  /** What must stay in order. @default 'key' */
  readonly ordering?: Ordering;
  /** Delays between the attempts of a failing event after its local tries. @default 5s, 1m, 10m */
  readonly retry?: RetryPlan;
  /** What becomes of the followers of a dead event; only with ordering `key`. @default 'block' */
  readonly deadHead?: DeadHeadPolicy;
  /** Parts of a partition that are worked on in parallel, divided by key; 1 with ordering `partition`. @default 1 */
  readonly lanes?: number;
  /** Records of one transaction at most. @default 500 */
  readonly batchRecords?: number;
  /** Payload bytes of one transaction at most; a single larger record still runs. @default 1_048_576 */
  readonly batchBytes?: number;
  /** Records that wait per partition before fetching pauses; at least `batchRecords`. @default 2_000 */
  readonly queueRecords?: number;
  /** Time that the handlers of one transaction have before their signal aborts and it is lost. @default 30_000 */
  readonly handlerTimeoutMs?: number;
  /**
   * Time that the handlers have of a transaction that several partitions share, because little waits; then every
   * partition runs apart. @default 1_000
   */
  readonly sharedTimeoutMs?: number;
  /** Tries of a record that stands alone before the retry plan begins, the first included. @default 3 */
  readonly tries?: number;
  /** Time within which those tries happen, spread by doubling with jitter. @default 2_000 */
  readonly triesWithinMs?: number;
  /** Interval at which a partition's owner looks for parked keys that are due. @default 1_000 */
  readonly parkedPollMs?: number;
  /** Records of which `systemicRatio` must fail before the consumer holds. @default 100 */
  readonly systemicWindow?: number;
  /** Share of failing records, above 0 and at most 1, from which failure counts as systemic. @default 0.5 */
  readonly systemicRatio?: number;
  /** Parked keys of this process from which failure counts as systemic. @default 10_000 */
  readonly systemicParkedKeys?: number;
  /** Age from which an event is dead (EXPIRED), because the inbox may have forgotten it. @default 37 days */
  readonly inboxHorizonMs?: number;
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

/** Options as they are when a consumer says nothing. */
export const CONSUMER_DEFAULTS = {
  ordering: 'key',
  retry: retryPlan(...DEFAULT_RETRY_DELAYS),
  deadHead: 'block',
  lanes: 1,
  batchRecords: 500,
  batchBytes: 1_048_576,
  queueRecords: 2_000,
  handlerTimeoutMs: 30_000,
  sharedTimeoutMs: 1_000,
  tries: 3,
  triesWithinMs: 2_000,
  parkedPollMs: 1_000,
  systemicWindow: 100,
  systemicRatio: 0.5,
  systemicParkedKeys: 10_000,
  inboxHorizonMs: DOMAIN_RETENTION_MS + DEAD_LETTER_RETENTION_MS,
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 3_000,
  commitIntervalMs: 1_000,
  commitRecords: 1_000,
  uncommittedRecords: 10_000,
  drainMs: 25_000,
} satisfies Omit<CompleteConsumerOptions, 'group'>;

/** Applies the defaults; throws `ConsumerDefinitionError` naming every option that excludes another. */
export function completeOptions(options: ConsumerOptions): CompleteConsumerOptions {
  const complete = { ...CONSUMER_DEFAULTS, ...options };
  const problems = [...numberProblems(complete), ...conflicts(complete, options)];
  if (problems.length > 0) {
    throw new ConsumerDefinitionError(`consumer '${options.group}': ${problems.join('; ')}`);
  }
  return complete;
}

function numberProblems({ systemicRatio, ...options }: CompleteConsumerOptions): string[] {
  const whole = Object.entries(options)
    .filter(([, value]) => typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 1))
    .map(([name]) => `${name} must be a whole number of at least 1`);
  return systemicRatio > 0 && systemicRatio <= 1
    ? whole
    : [...whole, 'systemicRatio must be above 0 and at most 1'];
}

function conflicts(options: CompleteConsumerOptions, given: ConsumerOptions): string[] {
  const rules: [boolean, string][] = [
    [/^[a-z][a-z0-9-]*$/.test(options.group), 'group must be a service name in lower-case kebab form'],
    [options.queueRecords >= options.batchRecords, 'queueRecords must be at least batchRecords'],
    [options.uncommittedRecords >= options.queueRecords, 'uncommittedRecords must be at least queueRecords'],
    [
      options.heartbeatIntervalMs * 3 <= options.sessionTimeoutMs,
      'heartbeatIntervalMs must be at most a third of sessionTimeoutMs',
    ],
    [
      options.ordering !== 'partition' || options.lanes === 1,
      "lanes must be 1 with ordering 'partition', whose records run one after the other",
    ],
    [
      options.ordering === 'key' || given.deadHead === undefined,
      `deadHead says what becomes of a key's followers, which ordering '${options.ordering}' does not have; leave it out`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, message]) => message);
}
