import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise } from './cruise.js';
import { ROOT } from './repository.js';
import { copyTree, writeProbe } from './tree-copy.js';

interface Probe {
  readonly what: string;
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

const PROBES: readonly Probe[] = [
  {
    what: 'domain/ imports TypeORM',
    rule: 'domain-is-pure',
    path: 'apps/fraud/src/domain/probe-1.ts',
    text: `import type { DataSource } from 'typeorm';\nexport type Probe = DataSource;\n`,
  },
  {
    what: 'domain/ imports Node',
    rule: 'domain-is-pure',
    path: 'apps/fraud/src/domain/probe-2.ts',
    text: `export { readFileSync } from 'node:fs';\n`,
  },
  {
    what: 'domain/ imports its own store/',
    rule: 'domain-is-pure',
    path: 'apps/fraud/src/domain/probe-3.ts',
    text: `export { probe } from '../store/probe.js';\n`,
  },
  {
    what: 'an app imports another app',
    rule: 'no-app-imports-an-app',
    path: 'apps/fraud/src/probe-4.ts',
    text: `export { probe } from '../../inventory/src/probe-target.js';\n`,
  },
  {
    what: 'kafkajs is imported by an app',
    rule: 'kafkajs-stays-behind-its-port',
    path: 'apps/fraud/src/probe-5.ts',
    text: `export { Kafka } from 'kafkajs';\n`,
  },
  {
    what: 'kafkajs is imported by messaging outside of kafka/',
    rule: 'kafkajs-stays-behind-its-port',
    path: 'libs/messaging/src/probe-6.ts',
    text: `import type { Kafka } from 'kafkajs';\nexport type Probe = Kafka;\n`,
  },
  {
    what: 'a library imports an app',
    rule: 'no-library-imports-an-app',
    path: 'libs/service/src/probe-7.ts',
    text: `export { probe } from '../../../apps/inventory/src/probe-target.js';\n`,
  },
  {
    what: 'contracts imports another library',
    rule: 'contracts-imports-only-itself',
    path: 'libs/contracts/src/probe-8.ts',
    text: `export { readConfig } from '@millrace/config';\n`,
  },
  {
    what: 'messaging imports persistence',
    rule: 'messaging-imports-only-contracts-telemetry',
    path: 'libs/messaging/src/probe-9.ts',
    text: `export * from '@millrace/persistence';\n`,
  },
  {
    what: 'an app imports the development stack',
    rule: 'the-stack-is-for-development',
    path: 'apps/fraud/src/probe-10.ts',
    text: `export { probe } from '../../../libs/stack/src/probe-target.js';\n`,
  },
  {
    what: 'a library uses a package that it does not declare',
    rule: 'declared-in-its-own-package',
    path: 'libs/contracts/src/probe-11.ts',
    text: `export { pino } from 'pino';\n`,
  },
  {
    what: 'an import leads nowhere',
    rule: 'everything-resolves',
    path: 'libs/contracts/src/probe-12.ts',
    text: `export { nothing } from './nowhere.js';\n`,
  },
];

describe('import rules', () => {
  let folder: string;
  let violations: readonly string[];
  beforeAll(async () => {
    folder = copyTree();
    for (const target of [
      'apps/inventory/src/probe-target',
      'libs/stack/src/probe-target',
      'apps/fraud/src/store/probe',
    ]) {
      writeProbe(folder, `${target}.ts`, 'export const probe = 1;\n');
    }
    for (const { path, text } of PROBES) writeProbe(folder, path, text);
    ({ violations } = await cruise(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are kept by the whole tree', async () => {
    const tree = await cruise(ROOT);
    expect(tree.violations).toEqual([]);
    expect(tree.imports.length).toBeGreaterThan(100);
  });

  it.each(PROBES)('complain when $what', ({ rule, path }) => {
    const complaints = violations.filter((violation) => violation.includes(path));
    expect(complaints).toContainEqual(expect.stringMatching(`^${rule}: ${path} → `));
  });
});
