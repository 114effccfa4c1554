import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessLedger } from '../guard/process-ledger.js';
import type { ProcessSpec } from '../processes/process-spec.js';
import { runOnce } from '../processes/run-once.js';
import { jvmLaunch, propertiesText } from './jvm-launch.js';
import { kafkaAnswers } from './kafka-probe.js';
import { brokerProperties } from './kafka-properties.js';
import { scramArguments, securedKafkaAnswers } from './kafka-security.js';
import { KAFKA_ADMIN } from '../stack/secrets.js';

const HEAP_MB = 384;

/** Where an embedded Kafka keeps its data and its log, and how it is reached. */
export interface KafkaPlace {
  readonly root: string;
  readonly java: string;
  readonly jars: string;
  /** Folder for the configuration and, in `log`, the data. */
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Principal → password; unset for brokers that serve anybody. */
  readonly users?: Readonly<Record<string, string>>;
}

/** Formats the data directory when there is none, and returns how to run the broker on it. */
export async function kafkaBroker(place: KafkaPlace, ledger: ProcessLedger): Promise<ProcessSpec> {
  const data = join(place.folder, 'log');
  const configuration = join(place.folder, 'server.properties');
  mkdirSync(place.folder, { recursive: true });
  if (!existsSync(data)) await format(place, data, ledger);
  writeConfiguration(configuration, place, data);
  const adminPassword = place.users?.[KAFKA_ADMIN];
  const program = { ...place, heapMb: HEAP_MB, mainClass: 'kafka.Kafka', args: [configuration] };
  return {
    name: 'kafka',
    launch: () => jvmLaunch(program),
    probe: () =>
      adminPassword === undefined ? kafkaAnswers(place.port) : securedKafkaAnswers(place.port, adminPassword),
    stopSteps: [{ signal: 'SIGTERM', graceMs: 10_000 }],
    logFile: place.logFile,
    readyWithinMs: 180_000,
  };
}

async function format(place: KafkaPlace, data: string, ledger: ProcessLedger): Promise<void> {
  const draft = `${data}.new`;
  const configuration = join(place.folder, 'format.properties');
  rmSync(draft, { recursive: true, force: true });
  writeConfiguration(configuration, place, draft);
  // In one word: an id may begin with a dash, and would be taken for an option.
  const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
  const args = ['format', clusterId, '-c', configuration, ...scramArguments(place.users ?? {})];
  const launch = jvmLaunch({ ...place, heapMb: HEAP_MB, mainClass: 'kafka.tools.StorageTool', args });
  await runOnce({ name: 'kafka-format', launch, logFile: place.logFile, withinMs: 60_000 }, ledger);
  renameSync(draft, data);
  rmSync(configuration, { force: true });
}

/** For this user only: it may hold a password. */
function writeConfiguration(path: string, { users, ...place }: KafkaPlace, data: string): void {
  const adminPassword = users?.[KAFKA_ADMIN];
  const layout = { ...place, data, ...(adminPassword === undefined ? {} : { adminPassword }) };
  writeFileSync(path, propertiesText(brokerProperties(layout)), { mode: 0o600 });
}
