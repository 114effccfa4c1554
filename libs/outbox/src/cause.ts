import type { Context } from '@opentelemetry/api';

/**
 * What made an event happen: the record being handled, or the request. Trace and causation of the event come
 * from here and never from the ambient context, because one batch transaction serves many traces.
 */
export interface Cause {
  /** Id of the causing event; unset for a root, which is then its own cause. */
  readonly id?: string;
  /** Trace context of the causing work. */
  readonly context: Context;
}
