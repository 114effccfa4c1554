import type {
  INetworkPolicy,
  INetworkPolicyEgressRule,
  INetworkPolicyIngressRule,
} from 'kubernetes-models/networking.k8s.io/v1';
import type { Program } from '../environment/programs.js';
import { HTTP_PORT, KAFKA_CLUSTER, labelsOf, POSTGRES_CLUSTER, selectorOf } from './fleet-names.js';

/** What a program reaches follows from what it is told about: the variable, and where it leads. */
const DESTINATIONS: Readonly<Record<string, INetworkPolicyEgressRule>> = {
  DATABASE_URL: toPods({ 'cnpg.io/cluster': POSTGRES_CLUSTER }, 5432),
  ADMIN_DATABASE_URL: toPods({ 'cnpg.io/cluster': POSTGRES_CLUSTER }, 5432),
  KAFKA_BROKERS: toPods({ 'strimzi.io/cluster': KAFKA_CLUSTER, 'strimzi.io/kind': 'Kafka' }, 9093),
  CONNECT_URL: toPods({ 'strimzi.io/cluster': KAFKA_CLUSTER, 'strimzi.io/kind': 'KafkaConnect' }, 8083),
  SERVICE_URLS: toPods(
    { 'app.kubernetes.io/part-of': 'millrace', 'app.kubernetes.io/component': 'service' },
    HTTP_PORT,
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: toNamespaces('telemetry', 4318),
  SMTP_URL: { ports: [25, 465, 587].map(tcp) },
  AUTH_JWKS_URL: { ports: [tcp(443)] },
  OPS_TOKEN_URL: { ports: [tcp(443)] },
};

/** Role of a namespace by its label `millrace.dev/role`, which the platform sets: ingress, monitoring or telemetry. */
function namespaces(role: string) {
  return { namespaceSelector: { matchLabels: { 'millrace.dev/role': role } } };
}

/** What may come and go: everything else is refused by the default of the base. */
export function networkPolicyOf(program: Program): INetworkPolicy {
  const names = new Set(program.variables.map(({ name }) => name));
  const egress = Object.entries(DESTINATIONS).flatMap(([name, rule]) => (names.has(name) ? [rule] : []));
  const ingress = ingressOf(program);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, program.kind) } },
    spec: {
      podSelector: { matchLabels: { ...selectorOf(program.name) } },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress: distinct(egress),
    },
  };
}

/** APIs are called through the ingress and by the keeper, metrics are fetched by the monitoring; jobs serve nobody. */
function ingressOf({ kind }: Program): INetworkPolicyIngressRule[] {
  if (kind !== 'service' && kind !== 'keeper') return [];
  const callers =
    kind === 'service'
      ? [namespaces('ingress'), { podSelector: { matchLabels: { ...selectorOf('keeper') } } }]
      : [];
  return [{ from: [...callers, namespaces('monitoring')], ports: [tcp(HTTP_PORT)] }];
}

function toPods(matchLabels: Record<string, string>, port: number): INetworkPolicyEgressRule {
  return { to: [{ podSelector: { matchLabels } }], ports: [tcp(port)] };
}

function toNamespaces(role: string, port: number): INetworkPolicyEgressRule {
  return { to: [namespaces(role)], ports: [tcp(port)] };
}

function tcp(port: number) {
  return { protocol: 'TCP' as const, port };
}

function distinct(rules: readonly INetworkPolicyEgressRule[]): INetworkPolicyEgressRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
