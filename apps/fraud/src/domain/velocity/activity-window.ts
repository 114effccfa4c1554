import type { KeyKind } from './key-kind.js';

/** A stretch of event time around an order in which the orders of one of its keys are looked at. */
export interface ActivityWindow {
  readonly kind: KeyKind;
  /** Reach before the order's event time, milliseconds, that moment included. */
  readonly beforeMs: number;
  /** Reach after it; as long as before for velocity, because orders are decided out of event time. */
  readonly afterMs: number;
}

/** Shortest and longest reach: tiles are minutes, and a key of a busy week is still read in milliseconds. */
export const WINDOW_MS = { least: 60_000, most: 7 * 86_400_000 } as const;

/** Distinct values are counted up to here, so that a tile stays small; limits must lie below. */
export const COUNTED_OTHERS = 64;

/** The window of velocity: as far on both sides. */
export function around(kind: KeyKind, reachMs: number): ActivityWindow {
  return { kind, beforeMs: reachMs, afterMs: reachMs };
}

/** The window of what came before. */
export function before(kind: KeyKind, reachMs: number): ActivityWindow {
  return { kind, beforeMs: reachMs, afterMs: 0 };
}

/** Name of a window in stored inputs, the same for the same window: `customer.1h`, `card.10m.before`. */
export function windowName({ kind, beforeMs, afterMs }: ActivityWindow): string {
  return `${kind}.${durationName(beforeMs)}${afterMs === 0 ? '.before' : ''}`;
}

/** Windows without repetitions. */
export function distinctWindows(windows: readonly ActivityWindow[]): ActivityWindow[] {
  return [...new Map(windows.map((window) => [windowName(window), window])).values()];
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function durationName(ms: number): string {
  const unit = UNITS.find(([, length]) => ms % length === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}
