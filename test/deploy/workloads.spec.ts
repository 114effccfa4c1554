import { beforeAll, describe, expect, it } from '@jest/globals';
import { PARTITIONS, topology } from '@millrace/contracts';
import type { Program } from '@millrace/deployment';
import type { IContainer } from 'kubernetes-models/v1';
import { ofKind, podsOf, type BuiltPods, type BuiltResource } from './support/built-resource.js';
import { fleetPrograms } from './support/fleet-programs.js';
import { buildOverlay, OVERLAYS } from './support/overlay.js';

/** A service stops within 30 s by itself (libs/service/src/process/stop-on-signals.ts). */
const STOP_WITHIN_S = 30;

describe.each(OVERLAYS)('the workloads of the overlay %s', (name) => {
  let resources: readonly BuiltResource[];
  let pods: readonly BuiltPods[];
  let programs: ReadonlyMap<string, Program>;
  beforeAll(async () => {
    resources = await buildOverlay(name);
    pods = podsOf(resources);
    programs = await fleetPrograms();
  });

  it('are the programs of the fleet, a migration for every service among them', () => {
    const names = pods.map(({ workload }) => workload.metadata.name);
    expect(names.toSorted()).toEqual([...programs.keys()].toSorted());
    expect(names).toEqual(expect.arrayContaining(topology.map((service) => `${service.name}-migrate`)));
  });

  it('give every program what it does not start without, and nothing that it does not read', () => {
    for (const { workload, spec } of pods) {
      const variables = programs.get(workload.metadata.name)?.variables ?? [];
      const given = environmentOf(spec.containers[0]).map(([variable]) => variable);
      const lacking = variables.filter((each) => each.required && !given.includes(each.name));
      expect([workload.metadata.name, lacking.map((each) => each.name)]).toEqual([
        workload.metadata.name,
        [],
      ]);
      const known = variables.map((each) => each.name);
      const unknown = given.filter((variable) => !known.includes(variable));
      expect([workload.metadata.name, unknown]).toEqual([workload.metadata.name, []]);
      expect(given).toHaveLength(new Set(given).size);
    }
  });

  it('find every setting in the ConfigMap that the overlay makes', () => {
    const maps = new Map(
      ofKind(resources, 'ConfigMap').map(({ metadata, data }) => [metadata.name, data ?? {}]),
    );
    const settings = pods.flatMap(({ spec }) =>
      environmentOf(spec.containers[0]).flatMap(([, { valueFrom }]) => valueFrom?.configMapKeyRef ?? []),
    );
    expect(settings.length).toBeGreaterThan(20);
    expect(settings.filter((each) => maps.get(each.name ?? '')?.[each.key] === undefined)).toEqual([]);
  });

  it('mount every file that their environment names, and read it from a secret or a ConfigMap', () => {
    for (const { workload, spec } of pods) {
      const [container] = spec.containers;
      const files = environmentOf(container).flatMap(([, { value }]) =>
        value?.startsWith('/') ? [value] : [],
      );
      const mounted = (container?.volumeMounts ?? []).flatMap(({ name: volume, mountPath }) =>
        filesOf(
          spec.volumes?.find((each) => each.name === volume),
          resources,
        ).map((file) => `${mountPath}/${file}`),
      );
      expect([workload.metadata.name, files.filter((file) => !mounted.includes(file))]).toEqual([
        workload.metadata.name,
        [],
      ]);
    }
  });

  it('run one image per app, named like the app, all with one tag', () => {
    const images = pods.map(({ spec }) => spec.containers[0]?.image ?? '');
    const repository = name === 'prod' ? 'registry.example.com/millrace' : 'millrace';
    const tag = name === 'prod' ? '1.0.0' : 'dev';
    const expected = pods.map(
      ({ workload }) => `${repository}/${programs.get(workload.metadata.name)?.app}:${tag}`,
    );
    expect(images).toEqual(expected);
    expect(new Set(images).size).toBe(topology.length + 1);
  });

  it('run without rights: no root, no writing, no capability, no token', () => {
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        serviceAccountName: 'millrace',
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of spec.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({
          requests: { cpu: expect.any(String) },
          limits: { memory: '512Mi' },
        });
      }
    }
    const [account, ...more] = ofKind(resources, 'ServiceAccount');
    expect([account, more]).toMatchObject([{ automountServiceAccountToken: false }, []]);
  });

  it('ask health on the port that the program listens on, and leave it longer to stop than it takes', () => {
    const serving = pods.filter(({ workload }) => workload.kind === 'Deployment');
    expect(serving).toHaveLength(topology.length + 1);
    for (const { spec } of serving) {
      const [container] = spec.containers;
      const port = environmentOf(container).find(([variable]) => variable === 'PORT')?.[1].value;
      expect(container?.ports).toEqual([{ name: 'http', containerPort: Number(port) }]);
      expect(container).toMatchObject({
        livenessProbe: { httpGet: { path: '/health/live', port: 'http' } },
        readinessProbe: { httpGet: { path: '/health/ready', port: 'http' } },
        startupProbe: { httpGet: { path: '/health/live', port: 'http' } },
      });
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(STOP_WITHIN_S);
      expect(container?.lifecycle).toBeUndefined();
    }
  });

  it('replace one pod after the other, never with one more in the group', () => {
    for (const { spec } of ofKind(resources, 'Deployment')) {
      expect(spec?.['strategy']).toEqual({
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      });
    }
  });

  it('are selected by their own services, budgets and spreads, and by no other', () => {
    const selectors = [
      ...ofKind(resources, 'Service').map((one) => [one.metadata.name, one.spec?.['selector']] as const),
      ...ofKind(resources, 'PodDisruptionBudget').map(
        (one) => [one.metadata.name, labelsIn(one.spec?.['selector'])] as const,
      ),
      ...ofKind(resources, 'Deployment').map(
        (one) => [one.metadata.name, labelsIn(one.spec?.['selector'])] as const,
      ),
      ...pods.flatMap(({ workload, spec }) =>
        (spec.topologySpreadConstraints ?? []).map(
          (spread) => [workload.metadata.name, labelsIn(spread.labelSelector)] as const,
        ),
      ),
    ];
    expect(selectors.length).toBeGreaterThan(topology.length * 5);
    for (const [owner, selector] of selectors) {
      const wanted = Object.entries(selector as Record<string, string>);
      const selected = pods.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
      expect(selected.map(({ workload }) => workload.metadata.name)).toEqual([owner]);
    }
    for (const { spec } of ofKind(resources, 'Service'))
      expect(spec?.['ports']).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  });

  it('grow with the lag of their topics, to as many pods as there are partitions', () => {
    const scaled = ofKind(resources, 'ScaledObject');
    expect(scaled.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(topology.map((service) => service.name)),
    );
    for (const { metadata, spec } of scaled) {
      const service = topology.find((each) => each.name === metadata.name);
      expect(spec).toMatchObject({
        scaleTargetRef: { name: metadata.name },
        maxReplicaCount: name === 'prod' ? PARTITIONS : 1,
        triggers: service?.consumes.map(({ topic }) => ({
          type: 'kafka',
          metadata: { consumerGroup: metadata.name, topic },
          authenticationRef: { name: metadata.name },
        })),
      });
    }
  });
});

/** A container's environment; what is given as a file counts under the name of the variable. */
function environmentOf(container: IContainer | undefined) {
  return (container?.env ?? []).map((variable) => {
    const isFile =
      variable.name.endsWith('_FILE') && !['ROLE_PASSWORDS_FILE', 'CONNECTOR_FILE'].includes(variable.name);
    return [isFile ? variable.name.slice(0, -'_FILE'.length) : variable.name, variable] as const;
  });
}

function labelsIn(selector: unknown): Readonly<Record<string, string>> {
  return (selector as { matchLabels: Record<string, string> }).matchLabels;
}

/** Names of the files of a volume. */
function filesOf(
  volume: NonNullable<BuiltPods['spec']['volumes']>[number] | undefined,
  resources: readonly BuiltResource[],
): readonly string[] {
  const map = ofKind(resources, 'ConfigMap').find(
    ({ metadata }) => metadata.name === volume?.configMap?.name,
  );
  const projected = volume?.projected?.sources ?? [];
  return [
    ...Object.keys(map?.data ?? {}),
    ...projected.flatMap(({ secret }) => (secret?.items ?? []).map(({ path }) => path)),
  ];
}
