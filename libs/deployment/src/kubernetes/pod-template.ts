import type { IPodSpec, IPodTemplateSpec } from 'kubernetes-models/v1';
import type { Program } from '../environment/programs.js';
import { HTTP_PORT, labelsOf, selectorOf } from './fleet-names.js';
import { environmentOf } from './program-environment.js';

/** A program has 30 s to stop by itself (libs/service, stop-on-signals): what is killed sooner is redelivered. */
const GRACE_SECONDS = 40;

/** Service account of all programs: none of them talks to Kubernetes. */
export const SERVICE_ACCOUNT = 'millrace';

const RESOURCES = {
  requests: { cpu: '250m', memory: '256Mi' },
  limits: { memory: '512Mi' },
};

/** Image of an app; an overlay puts its registry before it and its tag behind it. */
export function imageOf(app: string): string {
  return `millrace/${app}:dev`;
}

/** Pods of a program that runs until it is stopped. */
export function servingPod(program: Program, services: readonly string[]): IPodTemplateSpec {
  const { spec, ...rest } = pod(program, services);
  const [container] = spec.containers;
  return {
    ...rest,
    spec: {
      ...spec,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
        (topologyKey) => ({
          maxSkew: 1,
          topologyKey,
          whenUnsatisfiable: 'ScheduleAnyway' as const,
          labelSelector: { matchLabels: { ...selectorOf(program.name) } },
        }),
      ),
      containers: [{ ...(container as (typeof spec.containers)[0]), ...SERVING }],
    },
  };
}

const SERVING = {
  ports: [{ name: 'http', containerPort: HTTP_PORT }],
  // Starting waits for migrations and brokers; liveness counts only from then on.
  startupProbe: { httpGet: { path: '/health/live', port: 'http' }, periodSeconds: 2, failureThreshold: 60 },
  livenessProbe: {
    httpGet: { path: '/health/live', port: 'http' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
  readinessProbe: {
    httpGet: { path: '/health/ready', port: 'http' },
    periodSeconds: 5,
    timeoutSeconds: 5,
    failureThreshold: 2,
  },
};

/** A pod of a program that ends by itself. */
export function endingPod(program: Program, services: readonly string[]): IPodTemplateSpec {
  const { spec, ...rest } = pod(program, services);
  return { ...rest, spec: { ...spec, restartPolicy: 'OnFailure' } };
}

function pod(program: Program, services: readonly string[]): IPodTemplateSpec & { spec: IPodSpec } {
  const { env, volumes, mounts } = environmentOf(program, services);
  return {
    metadata: { labels: { ...labelsOf(program.name, program.kind) } },
    spec: {
      serviceAccountName: SERVICE_ACCOUNT,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: program.name,
          image: imageOf(program.app),
          args: [...program.args],
          env: [...env],
          resources: RESOURCES,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [...mounts],
        },
      ],
      volumes: [...volumes],
    },
  };
}
