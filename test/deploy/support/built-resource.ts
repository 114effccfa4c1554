import type { IPodSpec } from 'kubernetes-models/v1';

/** What every resource has. */
export interface BuiltResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** A workload's pods: its own labels, and what runs in them. */
export interface BuiltPods {
  readonly workload: BuiltResource;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: IPodSpec;
}

/** The resources of a kind. */
export function ofKind(resources: readonly BuiltResource[], kind: string): readonly BuiltResource[] {
  return resources.filter((resource) => resource.kind === kind);
}

/** A part of a resource's spec, found by its path; throws when there is none. */
export function partOf<Part>(resource: BuiltResource | undefined, ...path: readonly string[]): Part {
  const part = path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    resource?.spec,
  );
  if (part === undefined) throw new RangeError(`${resource?.kind} has no ${path.join('.')}`);
  return part as Part;
}

/** The pods of every Deployment, Job and CronJob. */
export function podsOf(resources: readonly BuiltResource[]): readonly BuiltPods[] {
  return resources.flatMap((workload) => {
    const template = templateOf(workload);
    return template ? [{ workload, labels: template.metadata.labels, spec: template.spec }] : [];
  });
}

function templateOf(workload: BuiltResource): PodTemplate | undefined {
  if (workload.kind === 'Deployment' || workload.kind === 'Job') return partOf(workload, 'template');
  return workload.kind === 'CronJob' ? partOf(workload, 'jobTemplate', 'spec', 'template') : undefined;
}
