import type { Alert, AlertGroup } from './alert.js';

const alerts: readonly Alert[] = [
  {
    name: 'EffectsMissing',
    severity: 'page',
    expr: `max by (group) (millrace_reconcile_missing) > 0`,
    summary: '{{ $labels.group }} lacks effects of committed events',
    description:
      '{{ $value }} events are in an outbox and on Kafka, and {{ $labels.group }} knows nothing of them: the promise of ' +
      'the fleet is broken.',
  },
  {
    name: 'EffectsUnfounded',
    severity: 'ticket',
    expr: `max by (group) (millrace_reconcile_extra) > 0`,
    summary: '{{ $labels.group }} has effects of events that nobody wrote',
    description: '{{ $value }} events took effect in {{ $labels.group }}, and no outbox has them.',
  },
  {
    name: 'ReconcilerSilent',
    severity: 'ticket',
    for: '5m',
    expr: `min by (group) (millrace_reconcile_age_seconds) > 600 or absent(millrace_reconcile_age_seconds)`,
    summary: 'Nobody compares what was committed with what took effect',
    description:
      'The last complete comparison is more than ten minutes old, or there was none: missing effects would go unseen.',
  },
  {
    name: 'WatchSilent',
    severity: 'page',
    for: '1m',
    expr: `min(millrace_watch_age_seconds) > 60 or absent(millrace_watch_age_seconds)`,
    summary: 'Nobody watches lag and positions of the groups',
    description:
      'The keeper has not completed a look at the groups for a minute: every alert on consumers is blind.',
  },
  {
    name: 'StockDiffers',
    severity: 'page',
    expr: `max(millrace_stock_differing_skus) > 0`,
    summary: 'Stock and reservations contradict each other',
    description: 'The stock of {{ $value }} SKUs is not what ledger and reservations add up to.',
  },
];

/** Who checks the promise, what they found, and that they are at work. */
export const reconciliation: AlertGroup = { name: 'reconciliation', recordings: [], alerts };
