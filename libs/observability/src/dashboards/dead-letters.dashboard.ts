import { DEAD_LETTER_RETENTION_MS } from '@millrace/contracts';
import { fleetDashboard, GROUP, type Panel } from './dashboard.js';
import { lines, table } from './panels.js';

const RUNBOOK = 'Runbook: docs/runbooks/dead-letters.md';

const unresolved = 'max by (group, topic, reason) (millrace_dlq_unresolved{group=~"$group"})';
const dead: readonly Panel[] = [
  table(
    {
      title: 'Class × age',
      description: `Dead events that nobody has resolved, and the age of the oldest of their topic. ${RUNBOOK}`,
      unit: 'short',
      width: 12,
    },
    undefined,
    [
      { expr: unresolved, legend: 'unresolved' },
      {
        expr: `
              (${unresolved} > bool 0)
              * on (group, topic) group_left
              max by (group, topic) (millrace_dlq_oldest_age_seconds{group=~"$group"})`,
        legend: 'oldest, seconds',
      },
    ],
  ),
  lines({ title: 'Deaths', description: `By reason. ${RUNBOOK}`, unit: 'ops', width: 12 }, [
    {
      expr: 'sum by (group, reason) (rate(millrace_dlq_messages_total{group=~"$group"}[$__rate_interval]))',
      legend: '{{group}} {{reason}}',
    },
  ]),
  lines(
    {
      title: 'Oldest dead event',
      description: `Not resolved; the topic deletes it at the red line. ${RUNBOOK}`,
      unit: 's',
      width: 12,
    },
    [
      {
        expr: 'max by (group, topic) (millrace_dlq_oldest_age_seconds{group=~"$group"})',
        legend: '{{group}} {{topic}}',
      },
    ],
    DEAD_LETTER_RETENTION_MS / 1_000,
  ),
  lines(
    {
      title: 'Broken contracts',
      description: `Records that broke their contract. ${RUNBOOK}`,
      unit: 'ops',
      width: 12,
    },
    [
      {
        expr: 'sum by (group, type) (rate(millrace_contract_violations_total{group=~"$group"}[$__rate_interval]))',
        legend: '{{group}} {{type}}',
      },
    ],
  ),
];

const tried: readonly Panel[] = [
  lines({ title: 'Sent to retry topics', description: 'By delay.', unit: 'ops' }, [
    {
      expr: 'sum by (group, delay) (rate(millrace_retry_messages_total{group=~"$group"}[$__rate_interval]))',
      legend: '{{group}} {{delay}}',
    },
  ]),
  lines({ title: 'Parked keys', description: 'Keys whose events wait for their head.', unit: 'short' }, [
    { expr: 'sum by (group, topic) (millrace_parked_keys{group=~"$group"})', legend: '{{group}} {{topic}}' },
  ]),
  lines({ title: 'Replayed', description: `Dead events given to a replay. ${RUNBOOK}`, unit: 'ops' }, [
    {
      expr: 'sum by (group, topic) (rate(millrace_replay_messages_total{group=~"$group"}[$__rate_interval]))',
      legend: '{{group}} {{topic}}',
    },
  ]),
];

/** What died, why, and for how long nobody has cared; what is on its way there. */
export const deadLetters = fleetDashboard({
  uid: 'dead-letters',
  title: 'Dead letters',
  description: 'Events that left the happy path: by class and age, and what is tried again.',
  variables: [GROUP],
  rows: [
    { title: 'Dead', panels: dead },
    { title: 'Tried again', panels: tried },
  ],
});
