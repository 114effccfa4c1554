import { channel } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { channelOf, type Observation, type ObservationPoint } from '@millrace/messaging';

// Publishes what it is given (`point:events,…`) as the runtime does, and tells how far it came.
const steps = (process.env['STEPS'] ?? '').split(',').filter((step) => step !== '');
for (const step of steps) {
  const [point, events = '0'] = step.split(':');
  const eventIds = Array.from({ length: Number(events) }, (_, index) => `event-${index}`);
  channel(channelOf(point as ObservationPoint)).publish({ group: 'probe', eventIds } satisfies Observation);
  writeSync(3, `${JSON.stringify({ passed: step })}\n`);
}
