import type { StockChange, UnitChange } from '../../domain/stock/unit-change.js';

/** Units that come or go for an order, as the ledger keeps it. */
export interface OrderUnits extends UnitChange {
  readonly orderId: string;
  /** The event that caused it; null when only time did. */
  readonly eventId: string | null;
}

/** What moves in one statement. */
export interface UnitMove {
  readonly kind: 'reserved' | 'released' | 'shipped';
  readonly at: Date;
  readonly units: readonly OrderUnits[];
  /** What the units add up to, per SKU. */
  readonly changes: readonly StockChange[];
}

/**
 * The part that every move of units shares, as CTEs with $1 to $11: rows of the ledger, and the stock that they add up to.
 * Stock must have been locked by a statement before. Nothing moves unless the caller's CTE `go (ok)` says so: a hold that
 * somebody else has moved meanwhile would otherwise fail a CHECK before anybody notices that it did.
 */
export const MOVE_UNITS = `
  ledger AS (
    INSERT INTO movement (kind, moved_at, sku, on_hand_change, reserved_change, order_id, event_id)
    SELECT $1::text, $2::timestamptz, unit.*
      FROM unnest($3::text[], $4::integer[], $5::integer[], $6::uuid[], $7::uuid[]) AS unit
     WHERE (SELECT ok FROM go)),
  level AS (
    UPDATE stock s
       SET on_hand = s.on_hand + change.on_hand, reserved = s.reserved + change.reserved,
           low_told = change.low_told, version = s.version + 1
      FROM unnest($8::text[], $9::integer[], $10::integer[], $11::boolean[])
           AS change (sku, on_hand, reserved, low_told)
     WHERE s.sku = change.sku AND (SELECT ok FROM go))`;

/** Its parameters. */
export function moveParameters({ kind, at, units, changes }: UnitMove): unknown[] {
  return [
    kind,
    at,
    units.map(({ sku }) => sku),
    units.map(({ onHand }) => onHand),
    units.map(({ reserved }) => reserved),
    units.map(({ orderId }) => orderId),
    units.map(({ eventId }) => eventId),
    changes.map(({ sku }) => sku),
    changes.map(({ onHand }) => onHand),
    changes.map(({ reserved }) => reserved),
    changes.map(({ lowTold }) => lowTold),
  ];
}
