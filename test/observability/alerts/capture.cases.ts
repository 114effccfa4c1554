import { AlertCases } from './alert-case.js';

const WRITTEN = 'millrace_outbox_written_total{topic="order.created", job="order"}';
const FETCHED =
  'messaging_client_consumed_messages_total{messaging_destination_name="order.created", messaging_consumer_group_name="fraud"}';
const OTHERS =
  'messaging_client_consumed_messages_total{messaging_destination_name="fraud.assessed", messaging_consumer_group_name="order"}';
const CONNECTOR = { connector: 'millrace-outbox' };
const SLOT = { slot: 'millrace' };

/** Series of the slot `millrace`. */
const slot = (what: string): string => `millrace_cdc_slot_${what}{slot="millrace"}`;

/** Cases of the alerts on capture. */
export const captureCases = [
  new AlertCases('CaptureSilent')
    .fires(
      'an order a second is placed and nobody fetches any',
      '5m',
      {
        [WRITTEN]: '0+60x10',
        [FETCHED]: '100x10',
        [OTHERS]: '0+60x10',
      },
      { labels: {}, value: '1' },
    )
    .fires(
      'orders are placed and no consumer is there at all',
      '5m',
      { [WRITTEN]: '0+60x10' },
      { labels: {}, value: '1' },
    )
    .isSilent('orders are fetched', '5m', { [WRITTEN]: '0+60x10', [FETCHED]: '0+60x10' })
    .isSilent('nobody orders', '5m', { [WRITTEN]: '100x10', [FETCHED]: '100x10' })
    .isSilent('the first order has just been placed', '5m', { [WRITTEN]: '0x4 60x6', [FETCHED]: '0x10' }),
  new AlertCases('CaptureBehind')
    .fires(
      'an event has waited for 40 s, for a minute',
      '2m',
      {
        'millrace_outbox_oldest_unpublished_age_seconds{schema="order"}': '40x5',
        'millrace_outbox_oldest_unpublished_age_seconds{schema="fraud"}': '2x5',
      },
      { labels: { schema: 'order' }, value: '40s' },
    )
    .isSilent('events wait for 20 s', '5m', {
      'millrace_outbox_oldest_unpublished_age_seconds{schema="order"}': '20x5',
    })
    .isSilent('it was late for a moment', '2m', {
      'millrace_outbox_oldest_unpublished_age_seconds{schema="order"}': '40 0 40',
    })
    .isSilent('it has just begun to wait', '2m', {
      'millrace_outbox_oldest_unpublished_age_seconds{schema="order"}': '0 0 40',
    }),
  new AlertCases('ConnectorTaskFailed')
    .fires(
      'a task has been failed for two minutes',
      '3m',
      {
        'millrace_connector_tasks{connector="millrace-outbox", state="failed"}': '1x5',
      },
      { labels: CONNECTOR },
    )
    .isSilent('the keeper has restarted it', '3m', {
      'millrace_connector_tasks{connector="millrace-outbox", state="failed"}': '1 1 0 0',
      'millrace_connector_tasks{connector="millrace-outbox", state="running"}': '0 0 1 1',
    })
    .isSilent('the task has just failed', '3m', {
      'millrace_connector_tasks{connector="millrace-outbox", state="failed"}': '0 0 0 1',
    }),
  new AlertCases('ConnectorNotRunning')
    .fires(
      'it has not run for two minutes',
      '3m',
      { 'millrace_connector_running{connector="millrace-outbox"}': '1 0x5' },
      {
        labels: CONNECTOR,
      },
    )
    .isSilent('it runs again', '3m', { 'millrace_connector_running{connector="millrace-outbox"}': '0 0 1 1' })
    .isSilent('it has just stopped', '3m', {
      'millrace_connector_running{connector="millrace-outbox"}': '1 1 1 0',
    }),
  new AlertCases('SlotInactive')
    .fires(
      'nobody has read it for two minutes',
      '3m',
      { [slot('active')]: '1 0x5', [slot('present')]: '1x5' },
      { labels: SLOT },
    )
    .isSilent('the connector has come back', '3m', { [slot('active')]: '0 0 1 1', [slot('present')]: '1x5' })
    .isSilent('the connector has just gone', '3m', { [slot('active')]: '1 1 1 0', [slot('present')]: '1x5' })
    .isSilent('there is no slot, for which another alert fires', '3m', {
      [slot('active')]: '0x5',
      [slot('present')]: '0x5',
    }),
  new AlertCases('SlotNeedsRecovery')
    .fires('the slot was replaced', '1m', { [slot('trusted')]: '0x5' }, { labels: SLOT })
    .isSilent("the slot is the keeper's own", '1m', { [slot('trusted')]: '1x5' }),
  new AlertCases('SlotWillBeLost')
    .fires(
      '3.2 GB are left and 1.2 GB an hour go',
      '45m',
      { [slot('safe_bytes')]: '4000000000-20000000x45' },
      { labels: SLOT },
    )
    .isSilent('3.5 GB are left and 0.6 GB an hour go', '45m', {
      [slot('safe_bytes')]: '4000000000-10000000x45',
    })
    .isSilent('that has just become so', '45m', { [slot('safe_bytes')]: '4000000000x44 100000' })
    .isSilent('it is lost already, for which another alert fires', '45m', {
      [slot('safe_bytes')]: '4000000000-20000000x45',
      [slot('lost')]: '1x45',
    }),
  new AlertCases('SlotAtRisk')
    .fires(
      'four fifths are used',
      '6m',
      { [slot('retained_bytes')]: '8e9x10', [slot('safe_bytes')]: '2e9x10' },
      {
        labels: SLOT,
        value: '80%',
      },
    )
    .isSilent('seven tenths are used', '6m', {
      [slot('retained_bytes')]: '7e9x10',
      [slot('safe_bytes')]: '3e9x10',
    })
    .isSilent('they were used for a moment', '6m', {
      [slot('retained_bytes')]: '1e9x5 8e9x5',
      [slot('safe_bytes')]: '9e9x5 2e9x5',
    })
    .isSilent('there is no limit', '6m', { [slot('retained_bytes')]: '8e9x10' }),
  new AlertCases('SlotFillsDisk')
    .fires(
      '11 GiB are kept and there is no limit',
      '6m',
      { [slot('retained_bytes')]: '11811160064x10' },
      {
        labels: SLOT,
        value: '11Gi',
      },
    )
    .isSilent('9 GiB are kept', '6m', { [slot('retained_bytes')]: '9663676416x10' })
    .isSilent('they have just come together', '6m', { [slot('retained_bytes')]: '0x5 11811160064x5' })
    .isSilent('there is a limit', '6m', {
      [slot('retained_bytes')]: '11811160064x10',
      [slot('safe_bytes')]: '9e9x10',
    }),
  new AlertCases('PartitionsOverdue')
    .fires(
      'two could not be dropped for an hour',
      '65m',
      {
        'millrace_partitions_overdue{schema="order", table="outbox"}': '2x70',
      },
      { labels: { schema: 'order', table: 'outbox' }, value: '2' },
    )
    .isSilent('they have just become overdue', '65m', {
      'millrace_partitions_overdue{schema="order", table="outbox"}': '0x60 2x10',
    })
    .isSilent('they were dropped within the hour', '65m', {
      'millrace_partitions_overdue{schema="order", table="outbox"}': '2x30 0x40',
    }),
];
