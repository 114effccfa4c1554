import { CONSUMER_STATUSES, STATUS_CODE } from '../alerts/consumers.alerts.js';
import { choiceVariable, fleetDashboard, GROUP, type Panel } from './dashboard.js';
import { heatmap, lines, states, type State } from './panels.js';
import { quantile } from './quantile.js';

const COLORS: Readonly<Record<(typeof CONSUMER_STATUSES)[number], State['color']>> = {
  ok: 'green',
  warn: 'yellow',
  rewind: 'blue',
  stall: 'orange',
  stop: 'red',
};

/** The groups that were chosen, and what they try again. */
const WATCHED = 'group=~"($group)([.]retry)?"';

const PHASES = ['fetch', 'queue', 'handle', 'db', 'commit'] as const;
const RUNBOOK = 'Runbook: docs/runbooks/consumers.md';
const PHASE_HISTOGRAM = 'millrace_consumer_phase_duration_seconds';

const position: readonly Panel[] = [
  states(
    {
      title: 'Status of every partition',
      description: `By Burrow's rules. ${RUNBOOK}`,
      unit: 'short',
      width: 24,
    },
    [{ expr: `${STATUS_CODE}{${WATCHED}}`, legend: '{{group}} {{topic}} {{partition}}' }],
    CONSUMER_STATUSES.map((text) => ({ text, color: COLORS[text] })),
  ).height(14),
  lines(
    {
      title: 'Lag',
      description: `Records after the committed position. ${RUNBOOK}`,
      unit: 'short',
      width: 12,
    },
    [
      {
        expr: `sum by (group, topic) (max by (group, topic, partition) (millrace_consumer_lag{${WATCHED}}))`,
        legend: '{{group}} {{topic}}',
      },
    ],
  ),
  lines(
    {
      title: 'Age of the head',
      description: `Of the first uncommitted record. ${RUNBOOK}`,
      unit: 's',
      width: 12,
    },
    [
      {
        expr: `max by (group, topic) (millrace_consumer_head_age_seconds{${WATCHED}})`,
        legend: '{{group}} {{topic}}',
      },
    ],
    60,
  ),
];

const work: readonly Panel[] = [
  lines(
    { title: 'Attempts', description: 'By outcome: done, retry, delayed, parked, dead, hold.', unit: 'ops' },
    [
      {
        expr: 'sum by (group, outcome) (rate(millrace_attempts_total{group=~"$group"}[$__rate_interval]))',
        legend: '{{group}} {{outcome}}',
      },
    ],
  ),
  lines(
    {
      title: 'Phases, 99th percentile',
      description: 'Where lag comes from: fetch → queue → handle → db → commit.',
      unit: 's',
    },
    [
      {
        expr: quantile(0.99, PHASE_HISTOGRAM, 'group=~"$group"', ['group', 'phase']),
        legend: '{{group}} {{phase}}',
      },
    ],
  ),
  heatmap(
    { title: 'Phase $phase', description: 'How the time of the chosen phase is spread.', unit: 's' },
    {
      expr: `sum by (le) (increase(${PHASE_HISTOGRAM}_bucket{group=~"$group", phase="$phase"}[$__rate_interval]))`,
      legend: '{{le}}',
    },
  ),
  lines({ title: 'Records in hand', description: 'Fetched and not yet terminal.', unit: 'short' }, [
    { expr: 'sum by (group) (millrace_consumer_inflight{group=~"$group"})', legend: '{{group}}' },
  ]),
  lines(
    { title: 'Parked keys', description: `Keys whose events wait for their head. ${RUNBOOK}`, unit: 'short' },
    [
      {
        expr: 'sum by (group, topic) (millrace_parked_keys{group=~"$group"})',
        legend: '{{group}} {{topic}}',
      },
    ],
  ),
  lines({ title: 'Duplicates absorbed', description: 'Records that the inbox already knew.', unit: 'ops' }, [
    {
      expr: 'sum by (group) (rate(millrace_inbox_duplicates_total{group=~"$group"}[$__rate_interval]))',
      legend: '{{group}}',
    },
  ]),
];

const members: readonly Panel[] = [
  lines({ title: 'Members', description: `Of each group. ${RUNBOOK}`, unit: 'short' }, [
    { expr: `max by (group) (millrace_consumer_group_members{${WATCHED}})`, legend: '{{group}}' },
  ]),
  lines(
    { title: 'Rebalances', description: `Generations joined within ten minutes. ${RUNBOOK}`, unit: 'short' },
    [
      {
        expr: 'max by (group) (increase(millrace_consumer_rebalances_total{group=~"$group"}[10m]))',
        legend: '{{group}}',
      },
    ],
  ),
  states(
    { title: 'Holds', description: `Whether a consumer waits, and for what. ${RUNBOOK}`, unit: 'short' },
    [
      {
        expr: 'max by (group, cause) (millrace_consumer_held{group=~"$group"})',
        legend: '{{group}} {{cause}}',
      },
    ],
    [
      { text: 'works', color: 'green' },
      { text: 'holds', color: 'red' },
    ],
  ),
];

/** Every group and partition: how it stands, and where its time goes. */
export const consumers = fleetDashboard({
  uid: 'consumers',
  title: 'Consumers',
  description: 'How every group stands on every partition, and where its time goes.',
  variables: [GROUP, choiceVariable('phase', 'Phase', PHASES)],
  rows: [
    { title: 'Position', panels: position },
    { title: 'Work', panels: work },
    { title: 'Members', panels: members },
  ],
});
