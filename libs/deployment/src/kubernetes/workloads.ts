import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { ICronJob, IJob } from 'kubernetes-models/batch/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IService } from 'kubernetes-models/v1';
import type { Program } from '../environment/programs.js';
import { labelsOf, selectorOf } from './fleet-names.js';
import { endingPod, servingPod } from './pod-template.js';

/**
 * Pods of a program that runs until it is stopped. A rollout replaces one pod after the other and never adds one: kafkajs
 * rebalances eagerly, so each member that joins stops all others for a moment. How many there are is left to the scaler.
 */
export function deploymentOf(program: Program, services: readonly string[], replicas?: number): IDeployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, program.kind) } },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      revisionHistoryLimit: 5,
      selector: { matchLabels: { ...selectorOf(program.name) } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      minReadySeconds: 10,
      template: servingPod(program, services),
    },
  };
}

/** Address of a program within the cluster. */
export function serviceOf(program: Program): IService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, program.kind) } },
    spec: {
      selector: { ...selectorOf(program.name) },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  };
}

/** Lets a drain of nodes take one pod at a time. */
export function disruptionBudgetOf(program: Program): IPodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, program.kind) } },
    spec: { maxUnavailable: 1, selector: { matchLabels: { ...selectorOf(program.name) } } },
  };
}

/**
 * A program that ends by itself, tried again until what it needs is there. `wave` is its place in a synchronisation of
 * Argo CD, which makes it anew each time; other tools delete it before they apply (deploy/k8s/README.md).
 */
export function jobOf(program: Program, services: readonly string[], wave: number): IJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: program.name,
      labels: { ...labelsOf(program.name, program.kind) },
      annotations: {
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        'argocd.argoproj.io/sync-wave': String(wave),
      },
    },
    spec: {
      backoffLimit: 20,
      ttlSecondsAfterFinished: 86_400,
      template: endingPod(program, services),
    },
  };
}

/** A program that somebody starts by hand: a job that never runs by itself, and from which one is made. */
export function repairOf(program: Program, services: readonly string[]): ICronJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: program.name, labels: { ...labelsOf(program.name, program.kind) } },
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 3, template: endingPod(program, services) } },
    },
  };
}
