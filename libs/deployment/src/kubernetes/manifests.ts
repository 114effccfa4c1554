import type { IConfigMap, IServiceAccount } from 'kubernetes-models/v1';
import { topicsOf, type ServiceTopology } from '@millrace/contracts';
import type { Program } from '../environment/programs.js';
import { kafkaConnect } from '../strimzi/kafka-connect.js';
import { kafkaTopics } from '../strimzi/kafka-topics.js';
import { kafkaUsers } from '../strimzi/kafka-users.js';
import { scaledObjectOf, triggerAuthenticationOf } from './autoscaling.js';
import { CONNECTOR_CONFIG } from './fleet-names.js';
import { networkPolicyOf } from './network-policy.js';
import { SERVICE_ACCOUNT } from './pod-template.js';
import { deploymentOf, disruptionBudgetOf, jobOf, repairOf, serviceOf } from './workloads.js';

/** Places in a synchronisation, in order: roles, schemas, capture; everything else has 4. */
const WAVES: Readonly<Record<string, number>> = { 'keeper-access': 1, 'keeper-capture': 3 };
const MIGRATION_WAVE = 2;

/** What the files of deploy/connect say. */
export interface CaptureSettings {
  readonly connector: Readonly<Record<string, string>>;
  readonly worker: Readonly<Record<string, string>>;
}

/** Everything that the topology says of Kubernetes: name of a file → its resources. */
export function manifestsOf(
  services: readonly ServiceTopology[],
  programs: readonly Program[],
  { connector, worker }: CaptureSettings,
): ReadonlyMap<string, readonly object[]> {
  const names = services.map(({ name }) => name);
  const partitions = new Map(topicsOf(services).map((topic) => [topic.name, topic.partitions]));
  const files = services.map((service): [string, object[]] => [
    service.name,
    programs
      .filter(({ app }) => app === service.name)
      .flatMap((program): object[] =>
        program.kind === 'migration'
          ? [jobOf(program, names, MIGRATION_WAVE), networkPolicyOf(program)]
          : servingResources(program, names, service, partitions),
      ),
  ]);
  return new Map<string, readonly object[]>([
    ['service-account', [serviceAccount()]],
    ['kafka-topics', kafkaTopics(services)],
    ['kafka-users', kafkaUsers(services)],
    ['kafka-connect', [kafkaConnect(worker)]],
    ['keeper', [connectorFile(connector), ...keeperResources(programs, names)]],
    ...files,
  ]);
}

function servingResources(
  program: Program,
  names: readonly string[],
  service: ServiceTopology,
  partitions: ReadonlyMap<string, number>,
): object[] {
  const scaled = service.consumes.length > 0;
  return [
    deploymentOf(program, names, scaled ? undefined : 2),
    serviceOf(program),
    disruptionBudgetOf(program),
    networkPolicyOf(program),
    ...(scaled ? [scaledObjectOf(service, partitions), triggerAuthenticationOf(program)] : []),
  ];
}

function keeperResources(programs: readonly Program[], names: readonly string[]): object[] {
  return programs
    .filter(({ app }) => app === 'keeper')
    .flatMap((program) => [...keeperWorkload(program, names), networkPolicyOf(program)]);
}

/** One keeper at a time is enough: it holds no work that another could not take up. */
function keeperWorkload(program: Program, names: readonly string[]): object[] {
  if (program.kind === 'setup') return [jobOf(program, names, WAVES[program.name] ?? 0)];
  if (program.kind === 'repair') return [repairOf(program, names)];
  return [deploymentOf(program, names, 1), serviceOf(program)];
}

function serviceAccount(): IServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: SERVICE_ACCOUNT, labels: { 'app.kubernetes.io/part-of': 'millrace' } },
    automountServiceAccountToken: false,
  };
}

function connectorFile(connector: Readonly<Record<string, string>>): IConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONNECTOR_CONFIG, labels: { 'app.kubernetes.io/part-of': 'millrace' } },
    data: { 'outbox-connector.json': `${JSON.stringify(connector, null, 2)}\n` },
  };
}
