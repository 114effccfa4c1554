import { fleetDashboard, GROUP, type Panel } from './dashboard.js';
import { lines, number, table } from './panels.js';
import { mean, quantile } from './quantile.js';

/** order.created and the retry and replay topics that groups have beside it. */
const ORDERS = 'topic=~"(.+[.])?order[.]created([.].+)?"';

const PLACED = 'millrace_outbox_written_total{topic="order.created"}';
const OUTCOMES = `millrace_attempts_total{group=~"$group", ${ORDERS}`;

const promise: readonly Panel[] = [
  number(
    { title: 'Orders', description: 'Committed in the time range.', unit: 'short', width: 6 },
    { expr: `sum(increase(${PLACED}[$__range]))`, legend: 'orders' },
  ),
  number(
    {
      title: 'Effects missing',
      description: 'Committed events that a group knows nothing of. Runbook: docs/runbooks/reconciliation.md',
      unit: 'short',
      width: 6,
    },
    { expr: 'sum(max by (group) (millrace_reconcile_missing))', legend: 'missing' },
    1,
  ),
  number(
    {
      title: 'Dead events',
      description: 'Dead and not resolved, over all groups. Runbook: docs/runbooks/dead-letters.md',
      unit: 'short',
      width: 6,
    },
    { expr: 'sum(max by (group, topic, reason) (millrace_dlq_unresolved))', legend: 'dead' },
    1,
  ),
  number(
    {
      title: 'Oldest event not captured',
      description:
        'Age of the oldest outbox row that is not on Kafka for certain. Runbook: docs/runbooks/capture.md',
      unit: 's',
      width: 6,
    },
    { expr: 'max(millrace_outbox_oldest_unpublished_age_seconds)', legend: 'age' },
    30,
  ),
];

const conservation: readonly Panel[] = [
  lines(
    {
      title: 'Orders in, effects out',
      description:
        'Orders committed per second, and their effects in each group: the lines lie on each other.',
      unit: 'ops',
      width: 12,
    },
    [
      { expr: `sum(rate(${PLACED}[$__rate_interval]))`, legend: 'orders' },
      { expr: `sum by (group) (rate(${OUTCOMES}, outcome="done"}[$__rate_interval]))`, legend: '{{group}}' },
    ],
  ),
  table(
    {
      title: 'Conservation: in = effects + dead',
      description:
        'By group, in the time range. Counters are extrapolated to its ends, so that the last digit may differ; ' +
        'what is missing for certain is what the reconciler says. Runbook: docs/runbooks/reconciliation.md',
      unit: 'short',
      width: 12,
    },
    'group',
    [
      {
        expr: `
              0 * sum by (group) (increase(${OUTCOMES}}[$__range])) + scalar(sum(increase(${PLACED}[$__range])))`,
        legend: 'orders in',
      },
      { expr: `sum by (group) (increase(${OUTCOMES}, outcome="done"}[$__range]))`, legend: 'effects' },
      { expr: `sum by (group) (increase(${OUTCOMES}, outcome="dead"}[$__range]))`, legend: 'dead' },
      {
        expr: `sum by (group) (increase(millrace_inbox_duplicates_total{group=~"$group", ${ORDERS}}[$__range]))`,
        legend: 'duplicates absorbed',
      },
      { expr: 'max by (group) (millrace_reconcile_missing{group=~"$group"})', legend: 'missing' },
      { expr: 'max by (group) (millrace_reconcile_extra{group=~"$group"})', legend: 'unfounded' },
    ],
  ),
];

const histogram = 'millrace_event_latency_seconds';
const total = 'group=~"$group", stage="total"';
const freshness: readonly Panel[] = [
  lines(
    {
      title: 'Commit → effect',
      description:
        'Median and 99th percentile by group. The objective is 99.9 % within 5 s. Runbook: docs/runbooks/freshness.md',
      unit: 's',
    },
    [
      { expr: quantile(0.99, histogram, total, ['group']), legend: '{{group}} p99' },
      { expr: quantile(0.5, histogram, total, ['group']), legend: '{{group}} p50' },
    ],
    5,
  ),
  lines(
    {
      title: 'Late events',
      description: 'Share that took more than 5 s; 0.1 % may. Runbook: docs/runbooks/freshness.md',
      unit: 'percentunit',
    },
    [
      { expr: 'group:millrace_event_latency_late:ratio_rate5m{group=~"$group"}', legend: '{{group}} 5 m' },
      { expr: 'group:millrace_event_latency_late:ratio_rate1h{group=~"$group"}', legend: '{{group}} 1 h' },
    ],
    0.001,
  ),
  lines(
    {
      title: 'Where the time goes',
      description: 'Mean by stage: commit → Kafka (capture), Kafka → consumer (deliver), handling (process).',
      unit: 's',
    },
    [{ expr: mean(histogram, 'group=~"$group", stage!="total"', ['stage']), legend: '{{stage}}' }],
  ),
];

/** Orders in, effects out, and how fresh they are: the page to look at first. */
export const fleet = fleetDashboard({
  uid: 'fleet',
  title: 'Fleet',
  description:
    'Every committed order takes effect exactly once in every service, within seconds: whether that is so.',
  variables: [GROUP],
  rows: [
    { title: 'Promise', panels: promise },
    { title: 'Orders → effects', panels: conservation },
    { title: 'Freshness', panels: freshness },
  ],
});
