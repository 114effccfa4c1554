import { AlertCases } from './alert-case.js';

const FRAUD = { group: 'fraud' };
const MISSING = 'millrace_reconcile_missing{group="fraud"}';
const EXTRA = 'millrace_reconcile_extra{group="fraud"}';
const COMPARED = 'millrace_reconcile_age_seconds{group="fraud"}';
const LOOKED = 'millrace_watch_age_seconds{instance="a"}';
const DIFFERING = 'millrace_stock_differing_skus{instance="a"}';

/** Cases of the alerts on what was compared, and on whoever compares. */
export const reconciliationCases = [
  new AlertCases('EffectsMissing')
    .fires('three events have no effect', '1m', { [MISSING]: '0 3' }, { labels: FRAUD, value: '3' })
    .isSilent('every event has its effect', '1m', { [MISSING]: '0 0' }),
  new AlertCases('EffectsUnfounded')
    .fires('an effect has no event', '1m', { [EXTRA]: '0 1' }, { labels: FRAUD, value: '1' })
    .isSilent('every effect has its event', '1m', { [EXTRA]: '0 0' }),
  new AlertCases('ReconcilerSilent')
    .fires('the last comparison is older than ten minutes', '6m', { [COMPARED]: '700x10' }, { labels: FRAUD })
    .fires('nobody has ever compared', '6m', {}, { labels: {} })
    .isSilent('it compares', '6m', { [COMPARED]: '300x10' })
    .isSilent('the keeper has just come back', '6m', { [COMPARED]: '60x5 700x5' })
    .isSilent('another keeper compares', '6m', {
      'millrace_reconcile_age_seconds{group="fraud", instance="a"}': '700x10',
      'millrace_reconcile_age_seconds{group="fraud", instance="b"}': '60x10',
    }),
  new AlertCases('WatchSilent')
    .fires('the last look is older than a minute', '2m', { [LOOKED]: '70x5' }, { labels: {} })
    .fires('there is no keeper', '2m', {}, { labels: {} })
    .isSilent('it looks every few seconds', '2m', { [LOOKED]: '30x5' })
    .isSilent('a look takes long', '2m', { [LOOKED]: '5 5 70' })
    .isSilent('one look took long', '2m', { [LOOKED]: '5 70 5' }),
  new AlertCases('StockDiffers')
    .fires('two SKUs differ', '1m', { [DIFFERING]: '0 2' }, { labels: {}, value: '2' })
    .isSilent('stock and reservations agree', '1m', { [DIFFERING]: '0 0' }),
];
