/** A SKU whose stock is not what the ledger, or the reservations, add up to. */
export interface StockDifference {
  readonly sku: string;
  /** The stock's row; null when there is none. */
  readonly onHand: number | null;
  readonly reserved: number | null;
  /** Sums of the ledger. */
  readonly ledgerOnHand: number;
  readonly ledgerReserved: number;
  /** Units of all orders that are held or confirmed. */
  readonly held: number;
}

/** One statement, so that it sees one moment, also under load; nothing is locked. */
export const FIND_DIFFERENCES = `
  SELECT sku, s.on_hand AS "onHand", s.reserved,
         coalesce(m.on_hand, 0)::double precision AS "ledgerOnHand",
         coalesce(m.reserved, 0)::double precision AS "ledgerReserved",
         coalesce(h.held, 0)::double precision AS held
    FROM stock s
    FULL JOIN (SELECT sku, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
                 FROM movement GROUP BY sku) m USING (sku)
    FULL JOIN (SELECT l.sku, sum(l.quantity) AS held
                 FROM reservation r JOIN reservation_line l USING (order_id)
                WHERE r.status IN ('held', 'confirmed') GROUP BY l.sku) h USING (sku)
   WHERE (s.on_hand, s.reserved, s.reserved)
         IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(h.held, 0))
   ORDER BY sku`;
