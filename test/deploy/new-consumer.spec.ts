import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GeneratedTree } from '../architecture/generated-tree.js';
import { writeProbe } from '../architecture/tree-copy.js';
import type { BuiltResource } from './support/built-resource.js';
import { buildOverlay } from './support/overlay.js';
import { typeComplaints } from './support/type-check.js';

const WRITE_GENERATED = `import { expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { differencesOf, generatedFiles, writeFiles } from '@millrace/deployment';
import { ROOT } from './repository.js';

it('writes what follows from the topology', async () => {
  const files = await generatedFiles(ROOT, topology);
  writeFiles(ROOT, files);
  expect(differencesOf(ROOT, files)).toEqual([]);
});
`;

let tree: GeneratedTree;
let before: readonly BuiltResource[];
let after: readonly BuiltResource[];

beforeAll(async () => {
  tree = await GeneratedTree.create();
  await generate();
  before = await buildOverlay('prod', tree.folder);
  await tree.generate('shipping', '--topic', 'order.created', '--ordering', 'none');
  await generate();
  after = await buildOverlay('prod', tree.folder);
});

afterAll(() => tree.remove());

describe('a consumer made by npm run new:consumer', () => {
  it('is deployed without an edit by hand', () => {
    const known = new Set(before.map(idOf));
    const added = after.filter((resource) => !known.has(idOf(resource))).map(idOf);
    expect(added.toSorted()).toEqual(
      [
        ...['Deployment', 'KafkaUser', 'NetworkPolicy', 'PodDisruptionBudget', 'ScaledObject', 'Service'].map(
          (kind) => `${kind}/shipping`,
        ),
        'TriggerAuthentication/shipping',
        'Job/shipping-migrate',
        'NetworkPolicy/shipping-migrate',
        ...['dlq', 'replay', 'retry.5s', 'retry.1m', 'retry.10m'].map(
          (topic) => `KafkaTopic/shipping.order.created.${topic}`,
        ),
      ].toSorted(),
    );
    expect(typeComplaints(after)).toEqual([]);
  });

  it('changes nothing of anybody else, but that the keeper is told where it listens', () => {
    const now = new Map(after.map((resource) => [idOf(resource), JSON.stringify(resource)]));
    const changed = before.filter((resource) => now.get(idOf(resource)) !== JSON.stringify(resource));
    expect(changed.map(idOf)).toEqual(['Deployment/keeper']);
    const keeper = JSON.stringify(changed[0]);
    expect(now.get('Deployment/keeper')?.replace(',shipping=http://shipping', '')).toBe(keeper);
  });

  it('may read its topic, and write beside it alone', () => {
    const user = after.find((resource) => idOf(resource) === 'KafkaUser/shipping');
    expect(user?.spec?.['authorization']).toEqual({
      type: 'simple',
      acls: [
        rule('group', 'shipping', 'literal', ['Read', 'Describe']),
        rule('group', 'shipping.', 'prefix', ['Read', 'Describe', 'Delete']),
        rule('topic', 'order.created', 'literal', ['Read', 'Describe']),
        rule('topic', 'shipping.order.created.', 'prefix', ['Read', 'Write', 'Describe']),
      ],
    });
  });

  it('runs under compose, and is in the catalogue', () => {
    const read = (path: string) => readFileSync(join(tree.folder, path), 'utf8');
    for (const line of [
      '  shipping-migrate:',
      '  shipping:',
      'shipping-migrate: { condition: service_completed_successfully }',
      '- shipping-secrets:/secrets/shipping',
      '  shipping-secrets:',
      'shipping=http://shipping:8080',
    ])
      expect(read('docker-compose.yml')).toContain(line);
    expect(read('docs/catalogue.md')).toMatch(/\| `order\.created` .* shipping +\|/);
  });
});

/** Runs the generator on the copy's sources, as Jest runs everything: nothing has to be built. */
async function generate(): Promise<void> {
  const path = 'test/architecture/write-generated.spec.ts';
  writeProbe(tree.folder, path, WRITE_GENERATED);
  const { code, output } = await tree.jest(['--selectProjects', 'architecture', '--testPathPatterns', path]);
  expect(code === 0 ? '' : output).toBe('');
}

function idOf({ kind, metadata }: BuiltResource): string {
  return `${kind}/${metadata.name}`;
}

function rule(type: string, name: string, patternType: string, operations: readonly string[]) {
  return { resource: { type, name, patternType }, operations };
}
