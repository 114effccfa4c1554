import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECT_GROUP, CONNECT_TOPICS } from '@millrace/contracts';
import type { ProcessSpec } from '../processes/process-spec.js';
import { clientProperties } from './kafka-security.js';
import { jvmLaunch, propertiesText } from './jvm-launch.js';

const HEAP_MB = 512;
const PROBE_TIMEOUT_MS = 2_000;

/** Where an embedded Kafka Connect worker runs and what its connectors may read from the environment. */
export interface ConnectPlace {
  readonly root: string;
  readonly java: string;
  readonly jars: string;
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  /** host:port of the broker. */
  readonly kafka: string;
  /** Name and password on brokers that ask who calls. */
  readonly login?: { readonly name: string; readonly password: string };
  /** `MILLRACE_…` variables of the connector file. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How to run the worker: the settings of deploy/connect/worker.properties and the lines that belong to this place. */
export function connectWorker(place: ConnectPlace): ProcessSpec {
  const configuration = join(place.folder, 'worker.properties');
  mkdirSync(place.folder, { recursive: true });
  const shared = readFileSync(join(place.root, 'deploy', 'connect', 'worker.properties'), 'utf8');
  writeFileSync(configuration, `${shared.trimEnd()}\n${propertiesText(localProperties(place))}`, {
    mode: 0o600,
  });
  const program = {
    ...place,
    heapMb: HEAP_MB,
    mainClass: 'org.apache.kafka.connect.cli.ConnectDistributed',
    args: [configuration],
    env: place.environment,
  };
  return {
    name: 'connect',
    launch: () => jvmLaunch(program),
    probe: () => connectAnswers(`http://127.0.0.1:${place.port}`),
    stopSteps: [{ signal: 'SIGTERM', graceMs: 8_000 }],
    logFile: place.logFile,
    readyWithinMs: 240_000,
  };
}

/** Whether the worker lists its connectors; its port opens before that and answers 404. Throws when it is unreachable. */
export async function connectAnswers(url: string): Promise<boolean> {
  const answer = await fetch(new URL('/connectors', url), { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  await answer.body?.cancel();
  return answer.status === 200;
}

function localProperties(place: ConnectPlace): Readonly<Record<string, string>> {
  return {
    'bootstrap.servers': place.kafka,
    listeners: `http://127.0.0.1:${place.port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': String(place.port),
    'group.id': CONNECT_GROUP,
    'config.storage.topic': CONNECT_TOPICS.config.name,
    'config.storage.replication.factor': '1',
    'offset.storage.topic': CONNECT_TOPICS.offset.name,
    'offset.storage.replication.factor': '1',
    'offset.storage.partitions': String(CONNECT_TOPICS.offset.partitions),
    'status.storage.topic': CONNECT_TOPICS.status.name,
    'status.storage.replication.factor': '1',
    'status.storage.partitions': String(CONNECT_TOPICS.status.partitions),
    // Plugins are found by their manifests instead of by scanning every class.
    'plugin.discovery': 'service_load',
    ...(place.login ? clientProperties(place.login.name, place.login.password) : {}),
  };
}
