import type { Transaction } from '@millrace/messaging';
import type { AssessmentRequest } from '../domain/decision.js';
import type { Outcome } from '../domain/judgement.js';

/** Prepares the temporary table that orders of the log are gathered in; the transaction may be quiet for long. */
export async function beginHistory(tx: Transaction): Promise<void> {
  await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await tx.query(
    'CREATE TEMPORARY TABLE gathered (order_id uuid PRIMARY KEY, request jsonb NOT NULL) ON COMMIT DROP',
  );
}

const GATHER = `
  INSERT INTO gathered SELECT * FROM unnest($1::uuid[], $2::jsonb[]) ON CONFLICT (order_id) DO NOTHING`;

/** Adds orders as the log brings them; one that comes twice counts once. */
export async function gather(tx: Transaction, requests: readonly AssessmentRequest[]): Promise<void> {
  await tx.query(GATHER, [
    requests.map(({ orderId }) => orderId),
    requests.map((request) => JSON.stringify(request)),
  ]);
}

const ARRANGE = `
  CREATE TEMPORARY TABLE history ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY assessment.decision NULLS LAST, gathered.request ->> 'placedAt',
                                     gathered.order_id)::integer AS position,
         gathered.request, assessment.outcome
    FROM gathered LEFT JOIN assessment ON assessment.live AND assessment.order_id = gathered.order_id`;

/** Tables of the live service that a judgement writes to or asks. */
const SHADOWED = ['assessment', 'activity', 'activity_minute'] as const;

/**
 * Puts what was gathered into the order in which it was decided live, orders without a decision last, and hides the
 * live tables behind empty temporary ones of the same names. From here on the transaction is read only, which admits
 * temporary tables alone: a mistake cannot touch what is live.
 */
export async function arrangeHistory(tx: Transaction): Promise<void> {
  await tx.query(ARRANGE);
  await tx.query('CREATE UNIQUE INDEX history_position ON history (position)');
  for (const table of SHADOWED) {
    await tx.query(`CREATE TEMPORARY TABLE ${table} (LIKE ${table} INCLUDING ALL) ON COMMIT DROP`);
  }
  await tx.query('SET TRANSACTION READ ONLY');
  // Nobody analyses temporary tables: plans must not depend on what they were like when they were empty.
  await tx.query('SET LOCAL enable_seqscan = off');
}

/** An order of the history with its live outcome; null when fraud has not decided it. */
export interface HistoryRow {
  readonly request: AssessmentRequest;
  readonly outcome: Outcome | null;
}

const PAGE = `
  SELECT request, outcome FROM history WHERE position > $1 AND position <= $1 + $2 ORDER BY position`;

/** That many orders of the history after so many. */
export function historyPage(tx: Transaction, after: number, limit: number): Promise<HistoryRow[]> {
  return tx.query<HistoryRow>(PAGE, [after, limit]);
}
