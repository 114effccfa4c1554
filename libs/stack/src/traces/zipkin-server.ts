import { portOf } from '../infrastructure/infrastructure.js';
import { jarFolder, type JarRequest, ZIPKIN_JARS } from '../jvm/jars.js';
import { findJava } from '../jvm/java.js';
import { jvmLaunch } from '../jvm/jvm-launch.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import { serves, type TraceServer } from './trace-server.js';

const HEAP_MB = 256;
/** About a thousand orders. */
const MOST_SPANS = 50_000;

/** Where Zipkin's server runs and where its jar comes from. */
export interface ZipkinPlace extends Pick<JarRequest, 'root' | 'onProgress'> {
  readonly log: (name: string) => string;
  readonly ports: Readonly<Record<string, number>>;
  readonly ledger: ProcessLedger;
}

/** Zipkin's server, which keeps spans in memory; its jar is fetched when it was never needed here before. */
export function zipkinServer(place: ZipkinPlace): TraceServer {
  const port = portOf(place.ports, 'zipkin');
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'Zipkin',
    url,
    environment: { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/api/v2/spans` },
    link: (traceId) => `${url}/zipkin/traces/${traceId}`,
    process: async () => {
      const launch = await zipkinLaunch(place, port);
      return {
        name: 'zipkin',
        launch: () => launch,
        probe: () => serves(`${url}/health`),
        stopSteps: [{ signal: 'SIGTERM', graceMs: 1_000 }],
        logFile: place.log('zipkin'),
        readyWithinMs: 120_000,
      };
    },
    apiLink: (traceId) => `${url}/api/v2/trace/${traceId}`,
    hasPage: async () => true,
  };
}

async function zipkinLaunch({ root, onProgress, log, ledger }: ZipkinPlace, port: number) {
  const { command } = await findJava();
  const jars = await jarFolder(ZIPKIN_JARS, { root, logFile: log('maven-zipkin'), onProgress }, ledger);
  return jvmLaunch({
    root,
    java: command,
    jars,
    heapMb: HEAP_MB,
    mainClass: 'org.springframework.boot.loader.launch.JarLauncher',
    args: [
      ...['--armeria.ports[0].ip=127.0.0.1', `--armeria.ports[0].port=${port}`],
      '--armeria.ports[0].protocols[0]=http',
    ],
    env: { MEM_MAX_SPANS: String(MOST_SPANS) },
  });
}
