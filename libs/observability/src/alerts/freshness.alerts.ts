import type { Alert, AlertGroup, Recording } from './alert.js';

/** Share of events that may be late: 99.9 % take effect within five seconds of their commit. */
const BUDGET = 0.001;

/** Windows over which the share of late events is recorded. */
const WINDOWS = ['5m', '30m', '1h', '6h'] as const;

type Window = (typeof WINDOWS)[number];

const lateIn = (window: Window): string => `group:millrace_event_latency_late:ratio_rate${window}`;

const late = (window: Window): Recording => ({
  record: lateIn(window),
  expr: `
    1 - sum by (group) (rate(millrace_event_latency_seconds_bucket{stage="total", le="5"}[${window}]))
      / sum by (group) (rate(millrace_event_latency_seconds_count{stage="total"}[${window}]))`,
});

/** Both windows: the long one says that it matters, the short one that it is still going on. */
const burning = (times: number, short: Window, long: Window): string => `
    ${lateIn(short)} > ${times} * ${BUDGET}
    and
    ${lateIn(long)} > ${times} * ${BUDGET}`;

const fast: Alert = {
  name: 'FreshnessBurnsFast',
  severity: 'page',
  expr: burning(14.4, '5m', '1h'),
  summary: '{{ $labels.group }} is late: its freshness budget for a month is gone in two days',
  description:
    '{{ $value | humanizePercentage }} of the events of {{ $labels.group }} took more than 5 s from commit to effect ' +
    'within 5 minutes, and too many within the hour; 0.1 % may.',
};

const slow: Alert = {
  name: 'FreshnessBurnsSlowly',
  severity: 'ticket',
  expr: burning(6, '30m', '6h'),
  summary: '{{ $labels.group }} is late too often: its freshness budget for a month is gone in five days',
  description:
    '{{ $value | humanizePercentage }} of the events of {{ $labels.group }} took more than 5 s from commit to effect ' +
    'within 30 minutes, and too many within six hours; 0.1 % may.',
};

/** The objective of the fleet: 99.9 % of the events take effect within five seconds, by group. */
export const freshness: AlertGroup = {
  name: 'freshness',
  recordings: WINDOWS.map(late),
  alerts: [fast, slow],
};
