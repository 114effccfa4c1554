/** Least and most that the time lies past the wall clock's whole millisecond. */
const WITHIN_MS = 0.999;

/** What makes the steady clock a time of day; it follows when the wall clock is set or the machine slept. */
let offset = performance.timeOrigin;

/**
 * The time of spans: milliseconds since the epoch, in microseconds, never off the wall clock's millisecond. The SDK's
 * own starts are whole milliseconds and its ends are not, by which a child can end after its parent; Jaeger takes that
 * for a skewed clock and moves it.
 */
export function spanTime(): number {
  const steady = performance.now();
  const wall = Date.now();
  const time = Math.min(Math.max(offset + steady, wall), wall + WITHIN_MS);
  offset = time - steady;
  return time;
}
