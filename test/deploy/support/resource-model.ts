import type { BuiltResource } from './built-resource.js';

/** Packages that hold the schemas of operators; everything else is Kubernetes' own. */
const OPERATORS: Readonly<Record<string, string>> = {
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

interface Model {
  validate(): void;
}

/** Module with the model of a resource: its class by the name of the kind, its interface by `I` and that name. */
export function moduleOf({ apiVersion }: BuiltResource): string {
  const [group] = apiVersion.split('/');
  return `${OPERATORS[group ?? ''] ?? 'kubernetes-models'}/${apiVersion}`;
}

/** Checks a resource against its schema: kinds, formats, required fields. Throws naming what is wrong. */
export async function validate(resource: BuiltResource): Promise<void> {
  const models: Record<string, new (data: object) => Model> = await import(moduleOf(resource));
  const Resource = models[resource.kind];
  if (!Resource) throw new RangeError(`${moduleOf(resource)} knows no ${resource.kind}`);
  new Resource(resource).validate();
}
