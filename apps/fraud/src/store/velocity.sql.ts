import type { Transaction } from '@millrace/messaging';
import type { AssessmentRequest } from '../domain/decision.js';
import { COUNTED_OTHERS, type ActivityWindow } from '../domain/velocity/activity-window.js';
import type { KeyKind } from '../domain/velocity/key-kind.js';
import type { TouchedKey } from './order-activity.js';

const LOCK = `
  SELECT pg_advisory_xact_lock(hashtext('millrace fraud velocity'), slot) FROM unnest($1::integer[]) AS slot`;

/**
 * Locks slots, sorted by the caller, until the end of the transaction. It must stay a statement of its own: in the
 * same statement a count would read a snapshot older than the wait.
 */
export function lockSlots(tx: Transaction, slots: readonly number[]): void {
  tx.write(LOCK, [slots]);
}

/** What was decided earlier in one window of one key of an order. */
export interface MeasuredRow {
  readonly position: number;
  readonly kind: KeyKind;
  /** Lists that hold the key. */
  readonly lists: string[] | null;
  /** The window's reach; null for a key that no window looks at. */
  readonly beforeMs: number | null;
  readonly afterMs: number | null;
  readonly orders: number;
  readonly sumMinor: string;
  readonly leastMinor: string | null;
  readonly others: string[] | null;
}

/** Minutes that a window covers whole are read as tiles; what is left of it at both ends is read row by row. */
const EDGES = `
  SELECT reach.opens, reach.closes, date_trunc('minute', reach.closes) AS last,
         date_trunc('minute', reach.opens + interval '1 minute' - interval '1 microsecond') AS first
    FROM (SELECT touched.placed_at - win.before_ms * interval '1 millisecond' AS opens,
                 touched.placed_at + win.after_ms * interval '1 millisecond' AS closes) AS reach`;

/** The parts of a window: its tiles, and the rows of its first and its last minute. */
const parts = (ofTile: string, ofRow: string): string => `
  SELECT ${ofTile} FROM activity_minute tile
   WHERE tile.key = touched.key AND tile.minute >= edge.first AND tile.minute < edge.last
  UNION ALL
  SELECT ${ofRow} FROM activity one
   WHERE one.key = touched.key AND one.placed_at >= edge.opens AND one.placed_at < edge.first
  UNION ALL
  SELECT ${ofRow} FROM activity one
   WHERE one.key = touched.key AND one.placed_at >= edge.last AND one.placed_at <= edge.closes`;

const TOTALS = `
  SELECT COALESCE(sum(part.orders), 0)::integer AS orders,
         COALESCE(sum(part.sum_minor) FILTER (WHERE part.currency = touched.currency), 0)::text AS sum_minor,
         (min(part.least_minor) FILTER (WHERE part.currency = touched.currency))::text AS least_minor
    FROM (${parts(
      'tile.orders, tile.sum_minor, tile.least_minor, tile.currency',
      '1, one.total_minor, one.total_minor, one.currency',
    )}) AS part`;

const OTHERS = `
  SELECT (array_agg(DISTINCT other))[1:${COUNTED_OTHERS}]
    FROM (${parts('unnest(tile.others) AS other', 'one.other')}) AS part WHERE other IS NOT NULL`;

/**
 * Hides an array's length from the planner, which otherwise believes that a plan of its own for every batch pays and
 * plans this statement each time, for longer than running it takes.
 */
const given = (parameter: string): string => `(SELECT ${parameter})`;

const MEASURE = `
  WITH asked AS MATERIALIZED (
    SELECT given.*
      FROM unnest(${given('$1::uuid[]')}, ${given('$2::timestamptz[]')}, ${given('$3::text[]')}, ${given('$4::bigint[]')})
           WITH ORDINALITY AS given (order_id, placed_at, currency, total_minor, position)
     WHERE NOT EXISTS (SELECT FROM assessment WHERE assessment.live AND assessment.order_id = given.order_id)
  ), touched AS MATERIALIZED (
    SELECT given.*, asked.placed_at, asked.currency, asked.total_minor
      FROM unnest(${given('$5::integer[]')}, ${given('$6::text[]')}, ${given('$7::uuid[]')}, ${given('$8::uuid[]')}, ${given('$9::text[]')})
           AS given (position, kind, key, other, value)
      JOIN asked USING (position)
  ), recorded AS (
    INSERT INTO activity (key, placed_at, currency, total_minor, other)
    SELECT key, placed_at, currency, total_minor, other FROM touched
  ), tiled AS (
    INSERT INTO activity_minute AS tile (key, minute, currency, orders, sum_minor, least_minor, others)
    SELECT key, date_trunc('minute', placed_at), currency, count(*), sum(total_minor), min(total_minor),
           (array_agg(DISTINCT other) FILTER (WHERE other IS NOT NULL))[1:${COUNTED_OTHERS}]
      FROM touched GROUP BY 1, 2, 3
    ON CONFLICT (key, minute, currency) DO UPDATE
       SET orders = tile.orders + excluded.orders,
           sum_minor = tile.sum_minor + excluded.sum_minor,
           least_minor = least(tile.least_minor, excluded.least_minor),
           others = CASE WHEN excluded.others IS NULL OR excluded.others <@ tile.others THEN tile.others
                         ELSE (SELECT (array_agg(DISTINCT other))[1:${COUNTED_OTHERS}]
                                 FROM unnest(tile.others || excluded.others) AS other) END
  )
  SELECT touched.position, touched.kind, win.before_ms AS "beforeMs", win.after_ms AS "afterMs",
         measured.orders, measured.sum_minor AS "sumMinor", measured.least_minor AS "leastMinor", measured.others,
         (SELECT array_agg(entry.list) FROM list_entry entry
           WHERE entry.kind = touched.kind AND entry.value = touched.value AND entry.removed_at IS NULL) AS lists
    FROM touched
    LEFT JOIN unnest(${given('$10::text[]')}, ${given('$11::integer[]')}, ${given('$12::integer[]')}) AS win (kind, before_ms, after_ms) USING (kind)
    LEFT JOIN LATERAL (SELECT totals.*, CASE WHEN touched.other IS NOT NULL THEN (${OTHERS}) END AS others
                         FROM (${EDGES}) AS edge, LATERAL (${TOTALS}) AS totals) AS measured
      ON win.before_ms IS NOT NULL`;

/**
 * Records those orders of a batch that have no live decision, row and tile per key, and tells what each of their
 * windows held before the batch; an order that has one gets no row. The keys must be locked. One statement is enough
 * because what the batch itself adds is counted by its caller.
 */
export function recordAndMeasure(
  tx: Transaction,
  orders: readonly AssessmentRequest[],
  keys: readonly TouchedKey[],
  windows: readonly ActivityWindow[],
): Promise<MeasuredRow[]> {
  return tx.query<MeasuredRow>(MEASURE, [
    orders.map(({ orderId }) => orderId),
    orders.map(({ placedAt }) => new Date(placedAt)),
    orders.map(({ currency }) => currency),
    orders.map(({ totalMinor }) => totalMinor),
    keys.map(({ position }) => position),
    keys.map(({ kind }) => kind),
    keys.map(({ key }) => key),
    keys.map(({ other }) => other ?? null),
    keys.map(({ value }) => value),
    windows.map(({ kind }) => kind),
    windows.map(({ beforeMs }) => beforeMs),
    windows.map(({ afterMs }) => afterMs),
  ]);
}
