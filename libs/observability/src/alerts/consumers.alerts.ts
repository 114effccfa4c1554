import type { Alert, AlertGroup } from './alert.js';

/** Statuses of the watch, mildest first; their place in the list is the code that dashboards show. */
export const CONSUMER_STATUSES = ['ok', 'warn', 'rewind', 'stall', 'stop'] as const;

/** Recorded status of a partition as a number: 0 ok, 1 warn, 2 rewind, 3 stall, 4 stop. */
export const STATUS_CODE = 'group_topic_partition:millrace_consumer_status:code';

/** But of retry topics, on which records wait on purpose. */
const HEAD_AGE = 'millrace_consumer_head_age_seconds{group!~".+[.]retry"}';

const statusCode = CONSUMER_STATUSES.map(
  (status, code) =>
    `${code} * max by (group, topic, partition) (millrace_consumer_status{status="${status}"})`,
).join('\n      + ');

const inStatus = (status: (typeof CONSUMER_STATUSES)[number]): string =>
  `max by (group, topic, partition) (millrace_consumer_status{status="${status}"}) == 1`;

const statusAlerts: readonly Alert[] = [
  {
    name: 'ConsumerStalled',
    severity: 'page',
    for: '1m',
    expr: inStatus('stall'),
    summary: '{{ $labels.group }} stands still on {{ $labels.topic }}, partition {{ $labels.partition }}',
    description: 'The group has members and lag, and its committed offset has not moved.',
  },
  {
    name: 'ConsumerFallingBehind',
    severity: 'ticket',
    for: '5m',
    expr: inStatus('warn'),
    summary: '{{ $labels.group }} falls behind on {{ $labels.topic }}, partition {{ $labels.partition }}',
    description: 'It works, but its lag has not shrunk for five minutes: more arrives than it handles.',
  },
  {
    name: 'ConsumerRewound',
    severity: 'ticket',
    expr: inStatus('rewind'),
    summary: '{{ $labels.group }} went back on {{ $labels.topic }}, partition {{ $labels.partition }}',
    description:
      'The committed offset is lower than it was. The inbox absorbs what comes again; somebody did that.',
  },
];

const positionAlerts: readonly Alert[] = [
  {
    name: 'ConsumerDataLoss',
    severity: 'page',
    expr: `
      max by (group, topic) (millrace_consumer_lost_offsets) > 0
      or
      sum by (group, topic) (increase(millrace_consumer_skipped_offsets_total[15m])) > 0`,
    summary: '{{ $labels.group }} has lost records of {{ $labels.topic }}',
    description: 'Records were deleted from the topic before the group had handled them.',
  },
  {
    name: 'ConsumerRetentionWillDrop',
    severity: 'page',
    for: '5m',
    expr: `min by (group, topic, partition) (millrace_consumer_retention_left_seconds) < 86400`,
    summary:
      'Records that {{ $labels.group }} has not handled are deleted from {{ $labels.topic }} within a day',
    description:
      'The first uncommitted record of partition {{ $labels.partition }} may be deleted in ' +
      '{{ $value | humanizeDuration }}.',
  },
  {
    name: 'HeadOfLineBlocked',
    severity: 'page',
    for: '2m',
    expr: `
      max by (group, topic, partition) (${HEAD_AGE}) > 60
      and on (group, topic)
      min by (group, topic) (${HEAD_AGE}) < 5`,
    summary:
      'One record holds {{ $labels.group }} up on {{ $labels.topic }}, partition {{ $labels.partition }}',
    description:
      'The first uncommitted record of the partition is {{ $value | humanizeDuration }} old, and other partitions of ' +
      'the topic are up to date.',
  },
  {
    name: 'KeysParkedForLong',
    severity: 'ticket',
    for: '30m',
    expr: `max by (group, topic) (millrace_parked_keys) > 0`,
    summary: 'Keys of {{ $labels.topic }} have waited in {{ $labels.group }} for half an hour',
    description:
      '{{ $value }} keys wait behind a failing event; all tries of a plan take eleven minutes, so events keep failing.',
  },
];

const groupAlerts: readonly Alert[] = [
  {
    name: 'GroupEmpty',
    severity: 'page',
    for: '2m',
    expr: `max by (group) (millrace_consumer_group_members) == 0`,
    summary: 'The group {{ $labels.group }} has no members',
    description: 'No process of the service consumes; its events wait on Kafka.',
  },
  {
    name: 'RebalanceStorm',
    severity: 'ticket',
    expr: `max by (group) (increase(millrace_consumer_rebalances_total[10m])) > 6`,
    summary: 'The group {{ $labels.group }} rebalances again and again',
    description:
      'A member joined {{ $value | humanize }} generations within ten minutes; nothing is consumed during each.',
  },
  {
    name: 'ConsumerHolds',
    severity: 'page',
    for: '2m',
    expr: `max by (group, cause) (millrace_consumer_held) == 1`,
    summary: '{{ $labels.group }} holds: {{ $labels.cause }}',
    description:
      'DEPENDENCY: its database or the broker does not answer. SYSTEMIC: most events fail, and it tries one of them ' +
      'until that succeeds. No event is lost and no attempt is spent.',
  },
  {
    name: 'DrainTooLong',
    severity: 'ticket',
    expr: `max by (service) (millrace_drain_duration_seconds) > 15`,
    summary: '{{ $labels.service }} does not come to its end',
    description:
      'It was asked to stop {{ $value | humanizeDuration }} ago; when it is killed instead, what it held is delivered again.',
  },
];

/** Groups, their positions and their members, as the keeper's watch and the consumers themselves see them. */
export const consumers: AlertGroup = {
  name: 'consumers',
  recordings: [{ record: STATUS_CODE, expr: `\n      ${statusCode}` }],
  alerts: [...statusAlerts, ...positionAlerts, ...groupAlerts],
};
