import type { Alert, AlertGroup } from './alert.js';

const alerts: readonly Alert[] = [
  {
    name: 'CaptureSilent',
    severity: 'page',
    for: '1m',
    expr: `
      sum(rate(millrace_outbox_written_total{topic="order.created"}[2m])) > 0
      unless
      sum(rate(messaging_client_consumed_messages_total{messaging_destination_name="order.created"}[2m])) > 0`,
    summary: 'Orders are placed, and none of them reaches any consumer',
    description:
      '{{ $value | humanize }} orders a second are committed, and no group has fetched a record of order.created for ' +
      'two minutes: capture, the broker or every consumer stands still. Orders are kept in the outbox.',
  },
  {
    name: 'CaptureBehind',
    severity: 'page',
    for: '1m',
    expr: `max by (schema) (millrace_outbox_oldest_unpublished_age_seconds) > 30`,
    summary: 'Events of {{ $labels.schema }} wait to be captured',
    description:
      'The oldest event in the outbox of {{ $labels.schema }} that is not on Kafka for certain is ' +
      '{{ $value | humanizeDuration }} old.',
  },
  {
    name: 'ConnectorTaskFailed',
    severity: 'page',
    for: '2m',
    expr: `max by (connector) (millrace_connector_tasks{state="failed"}) > 0`,
    summary: 'A task of {{ $labels.connector }} has failed and does not come back',
    description:
      'The keeper restarts failed tasks; for two minutes that has not helped, and no event is captured.',
  },
  {
    name: 'ConnectorNotRunning',
    severity: 'page',
    for: '2m',
    expr: `max by (connector) (millrace_connector_running) == 0`,
    summary: '{{ $labels.connector }} does not run',
    description:
      'Kafka Connect is away, or has the connector stopped, paused or unassigned: no event is captured.',
  },
  {
    name: 'SlotInactive',
    severity: 'page',
    for: '2m',
    expr: `max by (slot) (millrace_cdc_slot_active) == 0 and on (slot) max by (slot) (millrace_cdc_slot_present) == 1`,
    summary: 'Nobody reads the replication slot {{ $labels.slot }}',
    description:
      'No event is captured, and Postgres keeps its WAL until somebody reads on or the slot is lost.',
  },
  {
    name: 'SlotNeedsRecovery',
    severity: 'page',
    expr: `max by (slot) (millrace_cdc_slot_trusted) == 0`,
    summary: 'The replication slot {{ $labels.slot }} is gone, lost or not the one that the keeper made',
    description:
      'Events wait in their outboxes and are not lost, but capture goes on only after `keeper recover`.',
  },
  {
    name: 'SlotWillBeLost',
    severity: 'page',
    for: '5m',
    expr: `
      max by (slot) (predict_linear(millrace_cdc_slot_safe_bytes[30m], 4 * 3600)) < 0
      unless on (slot) max by (slot) (millrace_cdc_slot_lost) == 1`,
    summary: 'Postgres will give the WAL of slot {{ $labels.slot }} up within four hours',
    description:
      'At the rate of the last half hour max_slot_wal_keep_size is reached, and then the slot is lost.',
  },
  {
    name: 'SlotAtRisk',
    severity: 'ticket',
    for: '5m',
    expr: `
      max by (slot) (millrace_cdc_slot_retained_bytes)
        / (max by (slot) (millrace_cdc_slot_retained_bytes) + max by (slot) (millrace_cdc_slot_safe_bytes))
      > 0.75`,
    summary: 'Slot {{ $labels.slot }} has used three quarters of the WAL that Postgres keeps for it',
    description:
      'Postgres keeps WAL for the slot up to max_slot_wal_keep_size, of which {{ $value | humanizePercentage }} is used.',
  },
  {
    name: 'SlotFillsDisk',
    severity: 'ticket',
    for: '5m',
    expr: `
      max by (slot) (millrace_cdc_slot_retained_bytes) > 10 * 1024 ^ 3
      unless on (slot) max by (slot) (millrace_cdc_slot_safe_bytes)`,
    summary: 'Postgres keeps more than 10 GiB of WAL for slot {{ $labels.slot }}, without a limit',
    description:
      'It is {{ $value | humanize1024 }}B, and with max_slot_wal_keep_size = -1 it grows until the disk is full.',
  },
  {
    name: 'PartitionsOverdue',
    severity: 'ticket',
    for: '1h',
    expr: `max by (schema, table) (millrace_partitions_overdue) > 0`,
    summary: 'Old partitions of {{ $labels.schema }}.{{ $labels.table }} cannot be dropped',
    description:
      '{{ $value }} day partitions are kept beyond their time; the readiness of the keeper says why.',
  },
];

/** From the outboxes to Kafka: slot, connector, partitions. */
export const capture: AlertGroup = { name: 'capture', recordings: [], alerts };
