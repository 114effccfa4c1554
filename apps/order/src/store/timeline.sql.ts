import type { SignalEffect } from '../domain/order-checks.js';

/** One entry of an order's history: a transition, or a word of a check and what it did. */
export interface TimelineEntry {
  readonly at: Date;
  readonly kind: 'transition' | 'feedback';
  /** The status after a transition, or the signal that was heard. */
  readonly what: string;
  /** Null for a transition. */
  readonly effect: SignalEffect | null;
  readonly because: string | null;
  /** The event that tells a transition or brought the word. */
  readonly eventId: string;
}

/** Reads an order's history, oldest first; a transition comes after the word that caused it. $1 is the order's id. */
export const TIMELINE = `
  SELECT at, kind, what, effect, because, "eventId"
    FROM (SELECT placed_at AS at, 'transition' AS kind, 'pending' AS what, NULL AS effect, NULL AS because,
                 event_id AS "eventId", -1 AS position
            FROM orders WHERE id = $1
          UNION ALL
          SELECT received_at, 'feedback', signal, effect, NULL, event_id, position
            FROM order_feedback WHERE order_id = $1
          UNION ALL
          SELECT settled_at, 'transition', status, NULL, settled_because, settled_by, NULL
            FROM orders WHERE id = $1 AND settled_at IS NOT NULL) AS history
   ORDER BY what = 'pending' DESC, at, position NULLS LAST`;
