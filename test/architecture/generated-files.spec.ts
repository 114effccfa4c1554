import { beforeAll, describe, expect, it } from '@jest/globals';
import { topology, type ServiceTopology } from '@millrace/contracts';
import { differencesOf, generatedFiles } from '@millrace/deployment';
import { ROOT } from './repository.js';

describe('what npm run generate writes', () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await generatedFiles(ROOT, topology);
  });

  it('is what the repository has', () => {
    expect(files.size).toBeGreaterThan(topology.length);
    expect(differencesOf(ROOT, files)).toEqual([]);
  });

  it('is told to differ once a line of the topology is gone', async () => {
    const fewer = await generatedFiles(ROOT, topology.map(withoutReviews));
    const differing = differencesOf(ROOT, fewer).map(({ path }) => path);
    expect(differing).toEqual(
      expect.arrayContaining([
        'docs/catalogue.md',
        'deploy/k8s/base/generated/kafka-users.yaml',
        'deploy/k8s/base/generated/kafka-topics.yaml',
        'deploy/k8s/base/generated/order.yaml',
      ]),
    );
    expect(differing).not.toContain('deploy/k8s/base/generated/fraud.yaml');
    const users = 'deploy/k8s/base/generated/kafka-users.yaml';
    expect(files.get(users)).toContain('name: order.fraud.reviewed.');
    expect(fewer.get(users)).not.toContain('name: order.fraud.reviewed.');
  });

  it('is told to be left over once a service is gone', async () => {
    const files = await generatedFiles(ROOT, topology.slice(0, -1));
    const gone = topology.at(-1)?.name;
    expect(differencesOf(ROOT, files)).toContainEqual({
      path: `deploy/k8s/base/generated/${gone}.yaml`,
      problem: 'left over',
    });
  });
});

/** The topology without the one line that lets the order service read `fraud.reviewed`. */
function withoutReviews(service: ServiceTopology): ServiceTopology {
  return { ...service, consumes: service.consumes.filter(({ topic }) => topic !== 'fraud.reviewed') };
}
