import { beforeAll, describe, expect, it } from '@jest/globals';
import { ofKind, type BuiltResource } from './support/built-resource.js';
import { buildOverlay, OVERLAYS } from './support/overlay.js';
import { validate } from './support/resource-model.js';
import { typeComplaints } from './support/type-check.js';

/** A field that does not exist, for a kind of each schema package. */
const MISTAKES: readonly (readonly [kind: string, path: string])[] = [
  ['Deployment', 'spec.template.spec.containers.0.imagePolicy'],
  ['Job', 'spec.template.spec.securityContext.runAsRoot'],
  ['NetworkPolicy', 'spec.egres'],
  ['KafkaUser', 'spec.authorization.acls.0.permission'],
  ['KafkaTopic', 'spec.retention'],
  ['KafkaConnect', 'spec.workers'],
  ['Kafka', 'spec.kafka.listeners.0.authorisation'],
  ['Cluster', 'spec.postgresql.settings'],
  ['ScaledObject', 'spec.maxReplicas'],
  ['PodMonitor', 'spec.podMetricsEndpoints.0.every'],
];

describe.each(OVERLAYS)('the overlay %s', (name) => {
  let resources: readonly BuiltResource[];
  beforeAll(async () => {
    resources = await buildOverlay(name);
  });

  it('holds resources of which the schemas approve', async () => {
    expect(resources.length).toBeGreaterThan(100);
    const refused = await Promise.all(
      resources.map((resource) =>
        validate(resource).then(
          () => [],
          (error: Error) => [`${resource.kind} ${resource.metadata.name}: ${error.message}`],
        ),
      ),
    );
    expect(refused.flat()).toEqual([]);
  });

  it('has no field that does not exist', () => {
    expect(typeComplaints(resources)).toEqual([]);
  });

  it('would be refused with a field that does not exist', () => {
    const mistaken = MISTAKES.map(([kind, path]) => withField(ofKind(resources, kind)[0], path));
    const complaints = typeComplaints(mistaken);
    for (const [kind, path] of MISTAKES) {
      const field = path.split('.').at(-1) ?? '';
      expect(complaints).toContainEqual(
        expect.stringMatching(new RegExp(`^${kind} .*'"${field}"' does not exist`)),
      );
    }
  });

  it('would be refused with a field missing, or of another kind', async () => {
    const [deployment] = ofKind(resources, 'Deployment');
    const { selector, ...spec } = deployment?.spec ?? {};
    await expect(validate({ ...(deployment as BuiltResource), spec })).rejects.toThrow('selector');
    const many = { ...deployment?.spec, replicas: 'many' };
    await expect(validate({ ...(deployment as BuiltResource), spec: many })).rejects.toThrow('replicas');
    expect(selector).toBeDefined();
  });

  it('names every resource once, in its own namespace', () => {
    const names = resources.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names.filter((each, index) => names.indexOf(each) !== index)).toEqual([]);
    const namespaces = new Set(resources.map(({ metadata }) => metadata.namespace));
    expect([...namespaces]).toEqual([name === 'prod' ? 'millrace' : 'millrace-dev']);
  });

  it('contains no secret', () => {
    expect(ofKind(resources, 'Secret')).toEqual([]);
  });
});

/** A copy of a resource with one field more. */
function withField(resource: BuiltResource | undefined, path: string): BuiltResource {
  const copy: BuiltResource = structuredClone(resource as BuiltResource);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const place = steps.reduce<Record<string, unknown>>(
    (at, step) => at[step] as Record<string, unknown>,
    copy as BuiltResource & Record<string, unknown>,
  );
  place[last] = 'anything';
  return copy;
}
