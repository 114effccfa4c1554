import type { ProcessSpec } from '../processes/process-spec.js';
import { keeperEnvironment, serviceEnvironment } from './fleet-environment.js';
import type { FleetPlace } from './fleet-place.js';
import { programLaunch } from './program.js';

const READY_WITHIN_MS = 180_000;
const PROBE_TIMEOUT_MS = 2_000;
/** A service drains what it holds before it goes; longer than the half minute after which it ends by itself. */
const DRAIN_MS = 35_000;

/** How to run one instance of a service. */
export function serviceProcess(
  place: FleetPlace,
  service: string,
  instance: string,
  logFile: string,
): ProcessSpec {
  const env = serviceEnvironment(place, service, instance);
  return nodeProcess(instance, logFile, env, () =>
    programLaunch({ root: place.root, app: service, entry: 'main', env }),
  );
}

/** How to run the keeper of connector and partitions. */
export function keeperProcess(place: FleetPlace, logFile: string): ProcessSpec {
  const env = keeperEnvironment(place);
  return nodeProcess('keeper', logFile, env, () =>
    programLaunch({ root: place.root, app: 'keeper', entry: 'main', args: ['run'], env }),
  );
}

function nodeProcess(
  name: string,
  logFile: string,
  env: Readonly<Record<string, string>>,
  launch: ProcessSpec['launch'],
): ProcessSpec {
  return {
    name,
    launch,
    probe: () => isReady(`http://${env['HOST']}:${env['PORT']}/health/ready`),
    stopSteps: [{ signal: 'SIGTERM', graceMs: DRAIN_MS }],
    logFile,
    readyWithinMs: READY_WITHIN_MS,
  };
}

/** Whether a service says that it is ready; throws what it said instead. */
async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 200)}`);
  return true;
}
