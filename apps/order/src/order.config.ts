import { flag, milliseconds, readConfig } from '@millrace/config';

/** Variables of the order service. */
export const orderVariables = {
  IDEMPOTENCY_KEY_REQUIRED: flag({ default: false, desc: 'refuse orders without an Idempotency-Key' }),
  IDEMPOTENCY_TTL_MS: milliseconds({
    default: 86_400_000,
    desc: 'how long an Idempotency-Key is remembered, in milliseconds',
  }),
  ORDER_DEADLINE_MS: milliseconds({
    default: 900_000,
    desc: 'time that the checks of an order have before it expires, in milliseconds',
  }),
  ORDER_REVIEW_DEADLINE_MS: milliseconds({
    default: 86_400_000,
    desc: 'time that a review by a person has before its order expires, in milliseconds',
  }),
};

/** What the order service reads from its environment beyond what every service does. */
export class OrderConfig {
  constructor(
    /** True when an order without an Idempotency-Key is refused. */
    readonly idempotencyKeyRequired: boolean,
    /** How long a key is remembered, milliseconds. */
    readonly idempotencyTtlMs: number,
    /** Time that the checks have, milliseconds. */
    readonly deadlineMs: number,
    /** Time that a person's review has, milliseconds. */
    readonly reviewDeadlineMs: number,
  ) {}
}

/** Reads the configuration; throws `ConfigError` naming what is malformed. */
export function readOrderConfig(environment?: NodeJS.ProcessEnv): OrderConfig {
  const config = readConfig(orderVariables, environment);
  return new OrderConfig(
    config.IDEMPOTENCY_KEY_REQUIRED,
    config.IDEMPOTENCY_TTL_MS,
    config.ORDER_DEADLINE_MS,
    config.ORDER_REVIEW_DEADLINE_MS,
  );
}
