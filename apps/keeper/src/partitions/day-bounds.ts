const DAY_MS = 24 * 60 * 60 * 1_000;

/** A calendar day in UTC, as whole days since 1970-01-01. */
export type UtcDay = number;

/** Half-open range of one day partition, as the values that `FOR VALUES FROM (…) TO (…)` takes. */
export interface DayBounds {
  readonly from: string;
  readonly to: string;
}

/** The UTC day that an instant (milliseconds since the epoch) falls on. */
export function utcDayOf(instantMs: number): UtcDay {
  return Math.floor(instantMs / DAY_MS);
}

/** ISO date of a day, `YYYY-MM-DD`. */
export function isoDate(day: UtcDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Name of a table's day partition: `outbox_p20261121`. */
export function partitionName(table: string, day: UtcDay): string {
  return `${table}_p${isoDate(day).replaceAll('-', '')}`;
}

/** Bounds of a day for a `timestamptz` column: midnight to midnight, UTC written out so that no session time zone matters. */
export function timestampBounds(day: UtcDay): DayBounds {
  return { from: `${isoDate(day)} 00:00:00+00`, to: `${isoDate(day + 1)} 00:00:00+00` };
}

/** Bounds of a day for a uuidv7 column: from the lowest id of its first millisecond to that of the next day's. */
export function uuidBounds(day: UtcDay): DayBounds {
  return { from: lowestUuidOf(day * DAY_MS), to: lowestUuidOf((day + 1) * DAY_MS) };
}

/** Lowest uuidv7 of a millisecond (RFC 9562: 48 bits of time, version 7, variant 10, the rest zero). */
export function lowestUuidOf(instantMs: number): string {
  const time = instantMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
