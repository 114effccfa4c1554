import { FAILED_REQUESTS } from '../alerts/services.alerts.js';
import { fleetDashboard, labelVariable, type Panel } from './dashboard.js';
import { lines } from './panels.js';
import { quantile } from './quantile.js';

const RUNBOOK = 'Runbook: docs/runbooks/services.md';
const OF = 'job=~"$service"';

const histogram = 'http_server_request_duration_seconds';
const requests: readonly Panel[] = [
  lines({ title: 'Requests', description: 'By route and status.', unit: 'reqps' }, [
    {
      expr: `sum by (job, http_route, http_response_status_code) (rate(${histogram}_count{${OF}}[$__rate_interval]))`,
      legend: '{{job}} {{http_route}} {{http_response_status_code}}',
    },
  ]),
  lines(
    { title: 'Failed', description: `Share answered with 5xx. ${RUNBOOK}`, unit: 'percentunit' },
    [{ expr: `${FAILED_REQUESTS}{${OF}}`, legend: '{{job}}' }],
    0.01,
  ),
  lines({ title: 'Duration', description: 'Median and 99th percentile.', unit: 's' }, [
    { expr: quantile(0.99, histogram, OF, ['job', 'http_route']), legend: '{{job}} {{http_route}} p99' },
    { expr: quantile(0.5, histogram, OF, ['job', 'http_route']), legend: '{{job}} {{http_route}} p50' },
  ]),
];

const kafka = 'messaging_client_operation_duration_seconds';
const dependencies: readonly Panel[] = [
  lines({ title: 'Statements', description: 'By their first word.', unit: 'ops' }, [
    {
      expr: `sum by (job, db_operation_name) (rate(db_client_operation_duration_seconds_count{${OF}}[$__rate_interval]))`,
      legend: '{{job}} {{db_operation_name}}',
    },
  ]),
  lines({ title: 'Duration of statements', description: '99th percentile.', unit: 's' }, [
    {
      expr: quantile(0.99, 'db_client_operation_duration_seconds', OF, ['job', 'db_operation_name']),
      legend: '{{job}} {{db_operation_name}}',
    },
  ]),
  lines(
    { title: 'Requests to Kafka', description: 'Duration, 99th percentile: sends and commits.', unit: 's' },
    [
      {
        expr: quantile(0.99, kafka, OF, ['job', 'messaging_operation_name']),
        legend: '{{job}} {{messaging_operation_name}}',
      },
    ],
  ),
];

const processes: readonly Panel[] = [
  lines(
    {
      title: 'Delay of the event loop',
      description: `99th percentile since the last scrape. ${RUNBOOK}`,
      unit: 's',
    },
    [{ expr: `nodejs_eventloop_delay_p99_seconds{${OF}}`, legend: '{{job}} {{instance}}' }],
    0.5,
  ),
  lines({ title: 'Memory', description: 'Resident, and JavaScript heap in use.', unit: 'bytes' }, [
    { expr: `process_memory_usage_bytes{${OF}}`, legend: '{{job}} {{instance}} resident' },
    { expr: `v8js_memory_heap_used_bytes{${OF}}`, legend: '{{job}} {{instance}} heap' },
  ]),
  lines({ title: 'Up', description: `Instances that answer. ${RUNBOOK}`, unit: 'short' }, [
    { expr: `sum by (job) (up{${OF}})`, legend: '{{job}}' },
  ]),
];

/** Rate, errors and duration of a service, and how its process is. */
export const service = fleetDashboard({
  uid: 'service',
  title: 'Service',
  description: 'Rate, errors and duration of each service, and how its processes are.',
  variables: [labelVariable('service', 'Service', 'up', 'job')],
  rows: [
    { title: 'Requests', panels: requests },
    { title: 'Database and broker', panels: dependencies },
    { title: 'Processes', panels: processes },
  ],
});
