import { fleetDashboard, type Panel } from './dashboard.js';
import { lines, states, type State } from './panels.js';
import { quantile } from './quantile.js';

const NO_YES: readonly State[] = [
  { text: 'no', color: 'red' },
  { text: 'yes', color: 'green' },
];

const RUNBOOK = 'Runbook: docs/runbooks/capture.md';

const flow: readonly Panel[] = [
  lines({ title: 'Events written', description: 'To the outboxes, by topic.', unit: 'ops' }, [
    { expr: 'sum by (topic) (rate(millrace_outbox_written_total[$__rate_interval]))', legend: '{{topic}}' },
  ]),
  lines(
    {
      title: 'Oldest event not captured',
      description: `Age of the oldest outbox row that the slot has not confirmed, by schema. ${RUNBOOK}`,
      unit: 's',
    },
    [{ expr: 'max by (schema) (millrace_outbox_oldest_unpublished_age_seconds)', legend: '{{schema}}' }],
    30,
  ),
  lines({ title: 'Commit → Kafka', description: 'The stage capture, as the consumers see it.', unit: 's' }, [
    { expr: quantile(0.5, 'millrace_event_latency_seconds', 'stage="capture"', []), legend: 'p50' },
    { expr: quantile(0.99, 'millrace_event_latency_seconds', 'stage="capture"', []), legend: 'p99' },
  ]),
];

const slot: readonly Panel[] = [
  lines(
    {
      title: 'WAL behind the slot',
      description: `Not confirmed yet, and kept by the server for the slot. ${RUNBOOK}`,
      unit: 'bytes',
    },
    [
      { expr: 'max by (slot) (millrace_cdc_slot_lag_bytes)', legend: '{{slot}} not confirmed' },
      { expr: 'max by (slot) (millrace_cdc_slot_retained_bytes)', legend: '{{slot}} retained' },
    ],
  ),
  states(
    { title: 'Slot', description: `All of them yes, but lost. ${RUNBOOK}`, unit: 'short' },
    [
      { expr: 'max by (slot) (millrace_cdc_slot_present)', legend: '{{slot}} present' },
      { expr: 'max by (slot) (millrace_cdc_slot_active)', legend: '{{slot}} active' },
      { expr: 'max by (slot) (millrace_cdc_slot_trusted)', legend: '{{slot}} trusted' },
      { expr: '1 - max by (slot) (millrace_cdc_slot_lost)', legend: '{{slot}} not lost' },
    ],
    NO_YES,
  ),
  lines({ title: 'Connector tasks', description: `By state; one runs. ${RUNBOOK}`, unit: 'short' }, [
    { expr: 'max by (connector, state) (millrace_connector_tasks)', legend: '{{connector}} {{state}}' },
  ]),
  lines(
    {
      title: 'WAL until the slot may be lost',
      description: `Nothing when max_slot_wal_keep_size sets no limit. ${RUNBOOK}`,
      unit: 'bytes',
    },
    [{ expr: 'min by (slot) (millrace_cdc_slot_safe_bytes)', legend: '{{slot}}' }],
  ),
  lines(
    {
      title: 'Partitions overdue',
      description: `Old partitions that cannot be dropped yet. ${RUNBOOK}`,
      unit: 'short',
    },
    [{ expr: 'sum(millrace_partitions_overdue) or vector(0)', legend: 'partitions' }],
  ),
];

/** From the outboxes to Kafka. */
export const capture = fleetDashboard({
  uid: 'capture',
  title: 'Capture',
  description: 'From the outboxes through the replication slot to Kafka.',
  variables: [],
  rows: [
    { title: 'Flow', panels: flow },
    { title: 'Slot and connector', panels: slot },
  ],
});
