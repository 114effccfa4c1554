/**
 * Listens to the observation points of a consumer from outside of its code, by preload:
 *
 * - MILLRACE_TEST_TELL='batch.committed,…' or '*': each observation is written to fd 3 as a line of JSON,
 *   before the process goes on;
 * - MILLRACE_TEST_KILL_AT='<point>' with MILLRACE_TEST_KILL_AFTER='<n>' (default 1): at the nth observation of that
 *   point the process kills itself with SIGKILL, synchronously, so that not one instruction of the next step runs.
 *
 * Observations without events (a batch in which nothing was fresh) are not counted, those of offsets are.
 */
import { channel } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

const TELL_FD = 3;
const POINTS = [
  'batch.claimed',
  'batch.handled',
  'batch.committed',
  'offsets.committing',
  'offsets.committed',
  'failure.recorded',
  'failure.published',
  'failure.acknowledged',
  'record.parked',
  'head.handled',
  'head.committed',
  'replay.armed',
  'replay.published',
];

const { MILLRACE_TEST_TELL = '', MILLRACE_TEST_KILL_AT, MILLRACE_TEST_KILL_AFTER = '1' } = process.env;
const told = new Set(MILLRACE_TEST_TELL === '*' ? POINTS : MILLRACE_TEST_TELL.split(',').filter(Boolean));
let left = Number(MILLRACE_TEST_KILL_AFTER);

for (const point of [...told, MILLRACE_TEST_KILL_AT ?? []].flat()) {
  if (!POINTS.includes(point)) throw new Error(`there is no observation point '${point}'`);
}

for (const point of POINTS) {
  if (!told.has(point) && point !== MILLRACE_TEST_KILL_AT) continue;
  channel(`millrace:consumer:${point}`).subscribe(({ group, eventIds }) => {
    if (eventIds.length === 0 && !point.startsWith('offsets.')) return;
    if (told.has(point)) writeSync(TELL_FD, `${JSON.stringify({ point, group, eventIds })}\n`);
    if (point !== MILLRACE_TEST_KILL_AT) return;
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  });
}
