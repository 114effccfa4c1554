import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository.js';
import { copyTree, writeProbe } from './tree-copy.js';

/** How a program ended, and everything that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Files that are built or installed, hence no part of a repository. */
const MADE = /(^|\/)(dist|node_modules)\/|\.tsbuildinfo$/;
const JEST = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** A copy of the whole repository, contracts built, in which consumers are generated and tested. */
export class GeneratedTree {
  private constructor(readonly folder: string) {}

  /** Copies the checkout and builds what `npm run new:consumer` builds first. */
  static async create(): Promise<GeneratedTree> {
    const tree = new GeneratedTree(copyTree());
    try {
      await tree.prepare();
      return tree;
    } catch (error) {
      tree.remove();
      throw error;
    }
  }

  /** Runs the generator without touching what is installed, then links the new app as `npm install` would. */
  async generate(name: string, ...options: readonly string[]): Promise<Ended> {
    const ended = await this.newConsumer(name, ...options, '--no-install');
    if (ended.code !== 0) throw new Error(ended.output);
    symlinkSync(join(this.folder, 'apps', name), join(this.folder, 'node_modules/@millrace', name));
    await this.buildContracts();
    return ended;
  }

  /** Runs the generator with those arguments. */
  newConsumer(...args: readonly string[]): Promise<Ended> {
    return this.node(['scripts/new-consumer.mjs', ...args]);
  }

  /** Runs Jest on the copy. */
  jest(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.node([...JEST, ...args], environment);
  }

  /** Runs a program of a package on this Node, in the copy. */
  program(path: string, args: readonly string[]): Promise<Ended> {
    return this.node([join('node_modules', path), ...args]);
  }

  /** Every file of the repository and its text. */
  files(): ReadonlyMap<string, string> {
    const paths = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((path) => !MADE.test(path));
    return new Map(paths.toSorted().map((path) => [path, readFileSync(join(this.folder, path), 'utf8')]));
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async prepare(): Promise<void> {
    const root = readdirSync(ROOT, { withFileTypes: true });
    const files = root.filter((entry) => entry.isFile() && !MADE.test(entry.name)).map(({ name }) => name);
    for (const path of [...files, 'deploy', 'docs', 'scripts', 'test'])
      cpSync(join(ROOT, path), join(this.folder, path), { recursive: true });
    // oxlint looks for its type-aware half among the programs of node_modules.
    symlinkSync(join(ROOT, 'node_modules/.bin'), join(this.folder, 'node_modules/.bin'));
    addContractOfEveryKind(this.folder);
    await this.buildContracts();
  }

  private async buildContracts(): Promise<void> {
    const { code, output } = await this.node(['scripts/build.mjs', 'libs/contracts']);
    if (code !== 0) throw new Error(output);
  }

  private async node(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    return { code: child.exitCode, output };
  }
}

/** The fleet's own contracts use few kinds of fields: this one has all that the generator knows, and some that it leaves. */
function addContractOfEveryKind(folder: string): void {
  const contracts = 'libs/contracts/src';
  writeProbe(folder, `${contracts}/inventory/stock-counted.v1.ts`, STOCK_COUNTED);
  append(
    folder,
    `${contracts}/index.ts`,
    `export { StockCounted } from './inventory/stock-counted.v1.js';\n`,
  );
  const topology = `${contracts}/topology/services/inventory.topology.ts`;
  const text = readFileSync(join(folder, topology), 'utf8')
    .replace('import', `import { StockCounted } from '../../inventory/stock-counted.v1.js';\nimport`)
    .replace('produces: [', 'produces: [\n    domainTopic(StockCounted),');
  writeProbe(folder, topology, text);
}

function append(folder: string, path: string, text: string): void {
  writeProbe(folder, path, readFileSync(join(folder, path), 'utf8') + text);
}

const STOCK_COUNTED = `import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku } from '../schema-types.js';

const schema = Type.Object({
  by: Type.String(),
  note: Type.Optional(Type.String()),
  shelves: Type.Array(Type.String()),
  order: Type.Enum(['ascending', 'descending']),
  share: Type.Number(),
  final: Type.Boolean(),
  onHand: Type.Integer(),
  sku: Sku(),
  countedAt: Instant(),
  more: Type.String(),
});

/** Payload of \`stock.counted\` v1. */
export type StockCounted = Static<typeof schema>;

/** \`stock.counted\` v1: somebody counted. */
export const StockCounted = defineEvent(schema, {
  type: 'stock.counted',
  version: 1,
  topic: 'stock.counted',
  aggregate: 'stock-entry',
  key: 'sku',
  owner: 'inventory',
  summary: 'Somebody counted.',
  freshnessMs: 5_000,
  personalData: ['/by'],
  examples: [
    {
      by: 'Ada',
      shelves: ['1'],
      order: 'ascending',
      share: 0.25,
      final: true,
      onHand: 7,
      sku: 'MUG-BLUE',
      countedAt: '2026-03-01T10:15:30.000Z',
      more: 'beyond the fifth',
    },
  ],
});
`;
