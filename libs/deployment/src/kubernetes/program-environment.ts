import type { IContainer, IEnvVar, IVolume } from 'kubernetes-models/v1';
import { DeploymentError } from '../deployment.error.js';
import type { Program } from '../environment/programs.js';
import { CONNECTOR_CONFIG, POSTGRES_CLUSTER, SECRETS_FOLDER } from './fleet-names.js';
import { sourceOf, type VariableSource } from './variable-sources.js';

/** What a container must be given for a program to find its configuration. */
export interface ProgramEnvironment {
  readonly env: readonly IEnvVar[];
  readonly volumes: readonly IVolume[];
  readonly mounts: NonNullable<IContainer['volumeMounts']>;
}

type SecretSource = Extract<VariableSource, { kind: 'secret' }>;

/** The environment of a program; throws `DeploymentError` for a required variable that has no source. */
export function environmentOf(program: Program, services: readonly string[]): ProgramEnvironment {
  const sourced = program.variables.map((variable) => {
    const source = sourceOf(variable.name, program, services);
    if (variable.required && source === undefined) {
      throw new DeploymentError(
        `${program.name} does not start without ${variable.name}: say in libs/deployment/src/kubernetes/variable-sources.ts where its value comes from`,
      );
    }
    return { name: variable.name, source };
  });
  const env = sourced.flatMap(({ name, source }) => (source ? [environmentVariable(name, source)] : []));
  const secrets = sourced.flatMap(({ source }) => (source?.kind === 'secret' ? [source] : []));
  const connector = sourced.some(({ name }) => name === 'CONNECTOR_FILE');
  return {
    env,
    volumes: [...secretVolume(secrets), ...(connector ? [CONNECTOR_VOLUME] : [])],
    mounts: [
      { name: 'secrets', mountPath: SECRETS_FOLDER, readOnly: true },
      ...(connector ? [{ name: 'connector', mountPath: '/etc/millrace', readOnly: true }] : []),
    ],
  };
}

const CONNECTOR_VOLUME: IVolume = { name: 'connector', configMap: { name: CONNECTOR_CONFIG } };

/** A secret is read from a file: it shows neither in the pod's description nor in a child's environment. */
function environmentVariable(name: string, source: VariableSource): IEnvVar {
  switch (source.kind) {
    case 'value':
      return { name, value: source.value };
    case 'setting':
      return { name, valueFrom: { configMapKeyRef: { name: source.map, key: name } } };
    case 'secret':
      return {
        name: name.endsWith('_FILE') ? name : `${name}_FILE`,
        value: `${SECRETS_FOLDER}/${source.file}`,
      };
  }
}

/** One volume with a file per secret, and the authority of the database, which its connection string names. */
function secretVolume(secrets: readonly SecretSource[]): IVolume[] {
  const sources = Map.groupBy(secrets, ({ secret }) => secret);
  const projected = [...sources].map(([name, keys]) => ({
    secret: { name, items: keys.map(({ key, file }) => ({ key, path: file })) },
  }));
  const authority = {
    secret: { name: `${POSTGRES_CLUSTER}-ca`, items: [{ key: 'ca.crt', path: 'postgres-ca.crt' }] },
  };
  return [{ name: 'secrets', projected: { defaultMode: 0o440, sources: [...projected, authority] } }];
}
