import type { ListName } from '../domain/inputs.js';
import type { KeyKind } from '../domain/velocity/key-kind.js';

/** What identifies an entry. */
export interface ListPlace {
  readonly list: ListName;
  readonly kind: KeyKind;
  /** The key in clear, because people must be able to read it. */
  readonly value: string;
}

/** An entry of a list. */
export interface ListEntry extends ListPlace {
  readonly reason: string;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly removedReason: string | null;
  readonly removedBy: string | null;
  readonly removedAt: Date | null;
}

const COLUMNS = `
  list, kind, value, reason, added_by AS "addedBy", added_at AS "addedAt", removed_reason AS "removedReason",
  removed_by AS "removedBy", removed_at AS "removedAt"`;

/** Puts a key ($2, $3) on a list ($1) with reason, person and moment ($4, $5, $6); tells whether it is new there. */
export const PUT_ENTRY = `
  WITH previous AS (
    SELECT removed_at FROM list_entry WHERE list = $1 AND kind = $2 AND value = $3
  )
  INSERT INTO list_entry (list, kind, value, reason, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (kind, value, list) DO UPDATE
     SET reason = excluded.reason, added_by = excluded.added_by, added_at = excluded.added_at,
         removed_reason = NULL, removed_by = NULL, removed_at = NULL
  RETURNING ${COLUMNS}, NOT EXISTS (SELECT FROM previous WHERE removed_at IS NULL) AS "isNew"`;

/** Takes a key ($2, $3) off a list ($1) with reason, person and moment ($4, $5, $6); the row stays to tell so. */
export const REMOVE_ENTRY = `
  UPDATE list_entry SET removed_reason = $4, removed_by = $5, removed_at = $6
   WHERE list = $1 AND kind = $2 AND value = $3 AND removed_at IS NULL
  RETURNING ${COLUMNS}`;

/** Entries of a list ($1), of one kind or of all ($2), present or removed ($3), after a key ($4, $5); $6 how many. */
export const LIST_ENTRIES = `
  SELECT ${COLUMNS} FROM list_entry
   WHERE list = $1 AND ($2::text IS NULL OR kind = $2) AND (removed_at IS NOT NULL) = $3
     AND ($4::text IS NULL OR (kind, value) > ($4::text, $5::text COLLATE "C"))
   ORDER BY kind, value LIMIT $6`;
