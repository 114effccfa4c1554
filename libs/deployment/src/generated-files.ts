import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceTopology } from '@millrace/contracts';
import { generatedFiles as observabilityFiles } from '@millrace/observability';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { cataloguePage } from './catalogue/catalogue-page.js';
import { withServices } from './compose/compose-blocks.js';
import { loadConfigFiles } from './environment/declarations.js';
import { environmentPage } from './environment/environment-page.js';
import { programsOf } from './environment/programs.js';
import { manifestsOf } from './kubernetes/manifests.js';
import { kafkaConnector } from './strimzi/kafka-connect.js';
import { workerSettings } from './strimzi/worker-settings.js';

/** Folder of the Kubernetes manifests. */
export const MANIFESTS = 'deploy/k8s/base/generated';
const OBSERVABILITY = 'deploy/observability';

/** Folders whose files are all generated: what the definitions no longer yield is removed from them. */
export const GENERATED_FOLDERS = [
  MANIFESTS,
  `${OBSERVABILITY}/rules`,
  `${OBSERVABILITY}/dashboards`,
] as const;

const COMPOSE = 'docker-compose.yml';
const NOTICE = '# Made by npm run generate from libs/contracts/src/topology: a change here is lost.\n';

/** Every generated file of the repository at `root`, path → formatted text, as the topology and the declarations have it. */
export async function generatedFiles(
  root: string,
  services: readonly ServiceTopology[],
): Promise<ReadonlyMap<string, string>> {
  const files = await loadConfigFiles(root);
  const programs = programsOf(services, files);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const connector: Record<string, string> = JSON.parse(read('deploy/connect/outbox-connector.json'));
  const worker = workerSettings(read('deploy/connect/worker.properties'));
  const manifests = manifestsOf(services, programs, { connector, worker });
  const texts: [string, string][] = [
    ['docs/catalogue.md', cataloguePage(services)],
    ['docs/environment.md', environmentPage(services, files)],
    [`${MANIFESTS}/kustomization.yaml`, yaml([kustomization([...manifests.keys()])])],
    ...[...manifests].map(([name, resources]): [string, string] => [
      `${MANIFESTS}/${name}.yaml`,
      yaml(resources),
    ]),
    ['deploy/k8s/components/kafka-connector/kafka-connector.yaml', yaml([kafkaConnector(connector)])],
  ];
  // A tree without the file runs without containers.
  if (existsSync(join(root, COMPOSE))) texts.push([COMPOSE, withServices(read(COMPOSE), services, programs)]);
  const observability = [...observabilityFiles()].map(
    ([path, text]) => [`${OBSERVABILITY}/${path}`, text] as const,
  );
  return new Map([...(await formatted(root, texts)), ...observability]);
}

function kustomization(names: readonly string[]): object {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: names.map((name) => `${name}.yaml`),
  };
}

function yaml(resources: readonly object[]): string {
  // No anchors: two places with one value must be changeable one by one.
  const documents = resources.map((resource) =>
    stringify(resource, { aliasDuplicateObjects: false, lineWidth: 0 }),
  );
  return NOTICE + documents.join('---\n');
}

async function formatted(
  root: string,
  texts: readonly (readonly [string, string])[],
): Promise<ReadonlyMap<string, string>> {
  const options = await resolveConfig(join(root, 'package.json'));
  const pairs = texts.map(
    async ([path, text]) => [path, await format(text, { ...options, filepath: path })] as const,
  );
  return new Map(await Promise.all(pairs));
}
