import { counter, observeGauges } from './instrument.js';

const checked = counter('millrace.reconcile.checked');

/** What the reconciler knows of one group. */
export interface ReconcileMeasures {
  readonly group: string;
  /** Events of the outboxes without an outcome. */
  readonly missing: number;
  /** Outcomes of events that no outbox has. */
  readonly extra: number;
  /** Seconds since the youngest event before which all have been compared. */
  readonly ageSeconds: number;
}

/** Counts events that were compared for the first time. */
export function countReconciled(group: string, events: number): void {
  checked().add(events, { group });
}

/** Has every scrape read what the reconciler knows; returns the function that ends it. */
export function observeReconciliation(read: () => readonly ReconcileMeasures[]): () => void {
  return observeGauges(
    ['millrace.reconcile.missing', 'millrace.reconcile.extra', 'millrace.reconcile.age'],
    (observe) => {
      for (const { group, missing, extra, ageSeconds } of read()) {
        observe('millrace.reconcile.missing', missing, { group });
        observe('millrace.reconcile.extra', extra, { group });
        observe('millrace.reconcile.age', ageSeconds, { group });
      }
    },
  );
}
