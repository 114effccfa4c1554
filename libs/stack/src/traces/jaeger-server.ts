import { join } from 'node:path';
import { portOf } from '../infrastructure/infrastructure.js';
import { inheritedEnvironment } from '../processes/inherited-environment.js';
import type { Launch } from '../processes/launch.js';
import { dockerEnvironment, JAEGER_IMAGE, removeContainer } from './jaeger-image.js';
import { serves, type TraceServer } from './trace-server.js';

const MOST_TRACES = 2_000;

/** Where a Jaeger of the stack runs. */
export interface JaegerPlace {
  readonly root: string;
  readonly logFile: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly environment: NodeJS.ProcessEnv;
}

/** A Jaeger that this program is: the settings of deploy/embedded/jaeger/jaeger.yaml on the ports of this place. */
export function jaegerProgram(program: string, place: JaegerPlace): TraceServer {
  const launch = {
    file: program,
    args: ['--config', join(place.root, 'deploy', 'embedded', 'jaeger', 'jaeger.yaml')],
    env: {
      ...inheritedEnvironment(place.environment),
      JAEGER_PAGE_PORT: String(portOf(place.ports, 'jaeger')),
      JAEGER_OTLP_PORT: String(portOf(place.ports, 'jaeger-otlp')),
    },
    cwd: place.root,
  };
  return jaeger(place, () => launch);
}

/** A Jaeger in a container, with its own settings but for the number of traces that it keeps. */
export function jaegerContainer(place: JaegerPlace): TraceServer {
  const [page, otlp] = [portOf(place.ports, 'jaeger'), portOf(place.ports, 'jaeger-otlp')];
  const name = containerName(place);
  const publish = [`127.0.0.1:${page}:16686`, `127.0.0.1:${otlp}:4318`].flatMap((ports) => ['-p', ports]);
  const memory = `--set=extensions.jaeger_storage.backends.some_storage.memory.max_traces=${MOST_TRACES}`;
  return jaeger(place, async () => {
    // A client that was killed left its container behind.
    await removeContainer(name, place.environment);
    return {
      file: 'docker',
      args: ['run', '--rm', '--name', name, ...publish, JAEGER_IMAGE, memory],
      env: dockerEnvironment(place.environment),
      cwd: place.root,
    };
  });
}

/** Name of the container of a place; unique on the machine, as its port is. */
export function containerName({ ports }: Pick<JaegerPlace, 'ports'>): string {
  return `millrace-jaeger-${portOf(ports, 'jaeger')}`;
}

function jaeger(place: JaegerPlace, launch: () => Launch | Promise<Launch>): TraceServer {
  const url = `http://127.0.0.1:${portOf(place.ports, 'jaeger')}`;
  const otlp = `http://127.0.0.1:${portOf(place.ports, 'jaeger-otlp')}`;
  return {
    name: 'Jaeger',
    url,
    environment: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: otlp },
    link: (traceId) => `${url}/trace/${traceId}`,
    process: async () => ({
      name: 'jaeger',
      launch,
      probe: async () => (await serves(`${url}/api/services`)) && (await takesSpans(otlp)),
      // It takes ten seconds to end, and keeps nothing that would be worth them.
      stopSteps: [{ signal: 'SIGTERM', graceMs: 1_000 }],
      logFile: place.logFile,
      readyWithinMs: 60_000,
    }),
    apiLink: (traceId) => `${url}/api/traces/${traceId}`,
    hasPage: () => hasPage(url),
  };
}

async function takesSpans(otlp: string): Promise<boolean> {
  const answer = await fetch(`${otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(2_000),
  });
  await answer.body?.cancel();
  return answer.status === 200;
}

/** A Jaeger built as a Go module serves a page that says so in place of its own. */
async function hasPage(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  return !(await answer.text()).includes('not compiled with the UI assets');
}
