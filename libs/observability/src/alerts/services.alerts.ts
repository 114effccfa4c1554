import type { Alert, AlertGroup } from './alert.js';
import { scrapeJobs } from '../prometheus/scrape-jobs.js';

/** Recorded share of requests that a service answered with 5xx. */
export const FAILED_REQUESTS = 'job:http_server_requests_failed:ratio_rate5m';

const alerts: readonly Alert[] = [
  {
    name: 'ServiceDown',
    severity: 'page',
    for: '1m',
    expr: `up == 0`,
    summary: '{{ $labels.job }} at {{ $labels.instance }} does not answer',
    description: 'Its metrics cannot be read: the process is gone, hangs, or is cut off.',
  },
  {
    name: 'ServiceMissing',
    severity: 'page',
    for: '2m',
    expr: scrapeJobs.map((job) => `\n      absent(up{job="${job}"})`).join('\n      or'),
    summary: 'Prometheus knows no {{ $labels.job }}',
    description: 'The service is not among the targets, so that no other alert could tell that it is away.',
  },
  {
    name: 'RequestsFail',
    severity: 'page',
    for: '2m',
    expr: `${FAILED_REQUESTS} > 0.01`,
    summary: '{{ $labels.job }} answers requests with errors of its own',
    description: '{{ $value | humanizePercentage }} of the answers within five minutes were 5xx.',
  },
  {
    name: 'EventLoopBlocked',
    severity: 'ticket',
    for: '5m',
    expr: `max by (job, instance) (nodejs_eventloop_delay_p99_seconds) > 0.5`,
    summary: '{{ $labels.job }} at {{ $labels.instance }} is busy with itself',
    description:
      'Its event loop is {{ $value | humanizeDuration }} late: something computes or collects for too long.',
  },
];

/** Every process of the fleet: whether it is there, and how it answers. */
export const services: AlertGroup = {
  name: 'services',
  recordings: [
    {
      record: FAILED_REQUESTS,
      expr: `
        (
          sum by (job) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m]))
          or
          0 * sum by (job) (rate(http_server_request_duration_seconds_count[5m]))
        )
        / sum by (job) (rate(http_server_request_duration_seconds_count[5m]))`,
    },
  ],
  alerts,
};
