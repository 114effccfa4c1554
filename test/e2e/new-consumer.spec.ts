import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GeneratedTree } from '../architecture/generated-tree.js';
import { writeProbe } from '../architecture/tree-copy.js';

/** The copy's own Jest configuration, except that its specs get the servers of this run instead of starting some. */
const CONFIGURATION = `import config from './jest.config.mjs';

const { globalTeardown: _, ...integration } = config.projects.find(
  ({ displayName }) => displayName === 'integration',
);
export default { ...config, projects: [{ ...integration, globalSetup: '<rootDir>/join-stack.mjs' }] };
`;
const JOIN_STACK = `export default () => {
  globalThis.__millraceStack = JSON.parse(process.env.MILLRACE_TEST_STACK);
};
`;

describe('a generated consumer, untouched', () => {
  let tree: GeneratedTree;
  beforeAll(async () => {
    tree = await GeneratedTree.create();
    writeProbe(tree.folder, 'jest.running-stack.config.mjs', CONFIGURATION);
    writeProbe(tree.folder, 'join-stack.mjs', JOIN_STACK);
    await tree.generate('shipping', '--topic', 'order.created');
    await tree.generate('stock-watch', '--topic', 'stock.counted', '--ordering', 'none');
  });
  afterAll(() => tree.remove());

  it('passes its specs on real servers: effect, rollback, a batch of 500, HTTP, the runtime’s contract', async () => {
    const { kafka, postgres, connect } = stack;
    const { code, output } = await tree.jest(
      [
        ...['--config', 'jest.running-stack.config.mjs', '--runInBand', '--verbose'],
        ...['--testPathPatterns', 'apps/shipping/', 'apps/stock-watch/'],
      ],
      { MILLRACE_TEST_STACK: JSON.stringify({ kafka, postgres, connect }) },
    );

    expect(code === 0 ? '' : output).toBe('');
    for (const app of ['shipping', 'stock-watch'])
      for (const spec of ['consumer', 'conformance'])
        expect(output).toContain(`PASS integration apps/${app}/src/${app}.${spec}.int.spec.ts`);
    for (const what of ['leaves nothing when its transaction fails', 'of 500 events is one statement'])
      expect(output.split(`✓ ${what}`)).toHaveLength(3);
  });
});
