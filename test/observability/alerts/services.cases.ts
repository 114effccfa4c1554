import { scrapeJobs } from '@millrace/observability';
import { AlertCases } from './alert-case.js';

const FRAUD = { job: 'fraud', instance: '127.0.0.1:3003' };
const UP = 'up{job="fraud", instance="127.0.0.1:3003"}';
const DELAY = 'nodejs_eventloop_delay_p99_seconds{job="fraud", instance="127.0.0.1:3003"}';

const answered = (status: number): string =>
  `http_server_request_duration_seconds_count{job="order", http_route="/orders", http_response_status_code="${status}"}`;

const everybodyBut = (missing: string, values = '1x5') =>
  Object.fromEntries(scrapeJobs.filter((job) => job !== missing).map((job) => [`up{job="${job}"}`, values]));

/** Cases of the alerts on processes and their answers. */
export const servicesCases = [
  new AlertCases('ServiceDown')
    .fires('a process has not answered for a minute', '3m', { [UP]: '1 0x5' }, { labels: FRAUD })
    .isSilent('it was restarted', '3m', { [UP]: '0 0 1 1' })
    .isSilent('it has just stopped answering', '3m', { [UP]: '1 1 1 0' }),
  new AlertCases('ServiceMissing')
    .fires('a service is no target', '3m', everybodyBut('fraud'), { labels: { job: 'fraud' } })
    .fires('the keeper is no target', '3m', everybodyBut('keeper'), { labels: { job: 'keeper' } })
    .isSilent('one has just been taken out', '7m', { ...everybodyBut('fraud', '1x10'), [UP]: '1 1' })
    .isSilent('all are there', '3m', everybodyBut('nobody')),
  new AlertCases('RequestsFail')
    .fires(
      '2 % of the answers are 500',
      '10m',
      { [answered(201)]: '0+98x15', [answered(500)]: '0+2x15' },
      {
        labels: { job: 'order' },
        value: '2%',
      },
    )
    .isSilent('a moment ago they were good', '10m', {
      [answered(201)]: '0+100x15',
      [answered(500)]: '0x9 20x5',
    })
    .isSilent('0.5 % are', '10m', { [answered(201)]: '0+199x15', [answered(503)]: '0+1x15' })
    .isSilent('callers are told that they are wrong', '10m', {
      [answered(201)]: '0+50x15',
      [answered(422)]: '0+50x15',
    }),
  new AlertCases('EventLoopBlocked')
    .fires(
      'it has been 0.7 s late for five minutes',
      '7m',
      { [DELAY]: '0.7x10' },
      { labels: FRAUD, value: '700ms' },
    )
    .isSilent('it is 0.3 s late', '7m', { [DELAY]: '0.3x10' })
    .isSilent('it was late for a moment', '7m', { [DELAY]: '0.7x3 0.1 0.7x5' }),
];
