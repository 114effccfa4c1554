import { ConsumerDefinitionError } from './errors.js';

/** One delay of a retry plan. */
export interface RetryDelay {
  /** As topics name it, for example `1m`. */
  readonly name: string;
  readonly milliseconds: number;
}

/** The delays after which a failing event is tried again, in order; when they are used up it is dead. */
export interface RetryPlan {
  readonly delays: readonly RetryDelay[];
  /** All delays together, milliseconds. */
  readonly totalMs: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A retry plan of delays such as `5s`, `1m`, `2h` or `1d`, each longer than the one before; none means that a failing
 * event is dead after its local tries. Throws `ConsumerDefinitionError` naming what is wrong.
 */
export function retryPlan(...delays: readonly string[]): RetryPlan {
  const parsed = delays.map(parse);
  parsed.forEach(({ name, milliseconds }, index) => {
    const before = parsed[index - 1];
    if (before && before.milliseconds >= milliseconds) {
      throw new ConsumerDefinitionError(`retry plan: ${name} must be longer than ${before.name} before it`);
    }
  });
  const totalMs = parsed.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return Object.freeze({ delays: Object.freeze(parsed), totalMs });
}

function parse(name: string): RetryDelay {
  const [, count, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(name) ?? [];
  const factor = UNITS[unit ?? ''];
  if (count === undefined || factor === undefined) {
    throw new ConsumerDefinitionError(
      `retry plan: '${name}' is no delay; write a number and s, m, h or d, like 5s`,
    );
  }
  return Object.freeze({ name, milliseconds: Number(count) * factor });
}
