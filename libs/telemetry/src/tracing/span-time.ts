import type { HrTime } from '@opentelemetry/api';

/** Most that the time lies past the wall clock's whole millisecond. */
const WITHIN_MS = 0.999;

/** What makes the steady clock a time of day; it follows when the wall clock is set or the machine slept. */
let offset = performance.timeOrigin;

/**
 * The time of spans: since the epoch, in whole microseconds (Zipkin takes no others), never off the wall clock's
 * millisecond. The SDK's own starts are whole milliseconds and its ends are not, by which a child can end after its
 * parent; Jaeger takes that for a skewed clock and moves it.
 */
export function spanTime(): HrTime {
  const steady = performance.now();
  const wall = Date.now();
  const past = Math.min(Math.max(offset + steady - wall, 0), WITHIN_MS);
  offset = wall + past - steady;
  return [Math.trunc(wall / 1_000), (wall % 1_000) * 1_000_000 + Math.trunc(past * 1_000) * 1_000];
}
