const MINUTE_MS = 60_000;

/** Minutes whose tiles belong to a window, the first and the last included. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The window of that many milliseconds that ends now, in whole minute tiles: the current minute and all that reach
 * back to the window's start. An event therefore leaves up to a minute late; it never leaves early.
 */
export function windowUntil(now: Date, lengthMs: number): TimeWindow {
  const floor = (time: number) => new Date(Math.floor(time / MINUTE_MS) * MINUTE_MS);
  return { from: floor(now.getTime() - lengthMs), to: now };
}
