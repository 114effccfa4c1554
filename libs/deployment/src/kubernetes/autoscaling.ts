import type { IScaledObject, ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PARTITIONS, type ServiceTopology } from '@millrace/contracts';
import type { Program } from '../environment/programs.js';
import { KAFKA_BOOTSTRAP, KAFKA_CLUSTER, labelsOf } from './fleet-names.js';
import { kafkaUserOf } from './variable-sources.js';

/** Events that one more pod is worth: a pod drains a backlog of so many in seconds. */
const LAG_PER_POD = 10_000;

/** Two pods outlive a node. */
const LEAST_PODS = 2;

/** Scales a consumer on its group's lag, never beyond its partitions: a pod more would have nothing to read. */
export function scaledObjectOf(
  service: ServiceTopology,
  partitionsOf: ReadonlyMap<string, number>,
): IScaledObject {
  const { name } = service;
  const topics = service.consumes.map(({ topic }) => topic);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, labels: { ...labelsOf(name, 'service') } },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: LEAST_PODS,
      maxReplicaCount: Math.max(...topics.map((topic) => partitionsOf.get(topic) ?? PARTITIONS)),
      // Each pod that comes or goes stops the whole group for a rebalance: come at once, go one by one.
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: 600,
              policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
            },
          },
        },
      },
      triggers: topics.map((topic) => ({
        type: 'kafka',
        metadata: {
          bootstrapServers: KAFKA_BOOTSTRAP,
          consumerGroup: name,
          topic,
          lagThreshold: String(LAG_PER_POD),
          offsetResetPolicy: 'earliest',
          sasl: 'scram_sha512',
          tls: 'enable',
        },
        authenticationRef: { name },
      })),
    },
  };
}

/** Lets KEDA look at the group as the service itself: its rights are enough, and nobody needs more. */
export function triggerAuthenticationOf(program: Program): ITriggerAuthentication {
  const user = kafkaUserOf(program);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, 'service') } },
    spec: {
      env: [{ parameter: 'username', name: 'KAFKA_SASL_USERNAME', containerName: program.name }],
      secretTargetRef: [
        { parameter: 'password', name: user, key: 'password' },
        { parameter: 'ca', name: `${KAFKA_CLUSTER}-cluster-ca-cert`, key: 'ca.crt' },
      ],
    },
  };
}
