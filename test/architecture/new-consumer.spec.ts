import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { producersOf, topology } from '@millrace/contracts';
import { cruise } from './cruise.js';
import { GeneratedTree, type Ended } from './generated-tree.js';
import { writeProbe } from './tree-copy.js';

const GENERATED = [
  { name: 'shipping', options: ['--topic', 'order.created'] },
  { name: 'parcel-desk', options: ['--topic', 'fraud.assessed', '--ordering', 'none'] },
  { name: 'stock-watch2', options: ['--topic', 'stock.counted', '--ordering', 'partition'] },
] as const;
const APPS = GENERATED.map(({ name }) => `apps/${name}`);
const TOPOLOGY = 'libs/contracts/src/topology';
const TOPICS =
  'order.created (order), order.confirmed (order), order.rejected (order), order.cancelled (order)';
const SERVICES = topology.map(({ name }) => name).join(', ');

const REFUSED: readonly (readonly [what: string, args: readonly string[], message: string])[] = [
  ['no name', ['--topic', 'order.created'], 'Say one name for the consumer; none was given.'],
  ['two names', ['one', 'two'], 'one, two were given'],
  ['a name in capitals', ['Shipping', '--topic', 'order.created'], `There are the services ${SERVICES}.`],
  ['a name that ends in a hyphen', ['ship-', '--topic', 'order.created'], "'ship-' is no name"],
  ['a path as a name', ['../ship', '--topic', 'order.created'], "'../ship' is no name"],
  ['a service that exists', ['fraud', '--topic', 'order.created'], 'There is a service fraud already'],
  ['the name of another program', ['keeper', '--topic', 'order.created'], 'The name keeper is taken'],
  ['the name of a library', ['outbox', '--topic', 'order.created'], 'The name outbox is taken'],
  ['a schema that Postgres reserves', ['pg-desk', '--topic', 'order.created'], 'The name pg-desk is taken'],
  ['a word of the language', ['delete', '--topic', 'order.created'], 'The name delete is taken'],
  ['a name of the topology', ['consumers-of', '--topic', 'order.created'], 'The name consumers-of is taken'],
  ['a folder that exists', ['attic', '--topic', 'order.created'], 'The folder apps/attic exists already'],
  ['a name too long', ['s'.repeat(60), '--topic', 'order.created'], '3 characters too long'],
  ['no topic', ['shipping'], `Say with --topic what shipping reads. There are ${TOPICS}`],
  ['an unknown topic', ['shipping', '--topic', 'order.lost'], `'order.lost' to read. There are ${TOPICS}`],
  [
    "another group's topic",
    ['shipping', '--topic', 'fraud.order.created.dlq'],
    "There is no topic 'fraud.order.created.dlq'",
  ],
  [
    'an unknown ordering',
    ['shipping', '--topic', 'order.created', '--ordering', 'total'],
    "There is no ordering 'total'. There are key, none, partition.",
  ],
  ['an unknown option', ['shipping', '--topik', 'order.created'], "Unknown option '--topik'"],
];

let tree: GeneratedTree;
let before: ReadonlyMap<string, string>;
const refused = new Map<string, Ended>();
let untouched: ReadonlyMap<string, string>;
let after: ReadonlyMap<string, string>;

beforeAll(async () => {
  tree = await GeneratedTree.create();
  writeProbe(tree.folder, 'apps/attic/README', '');
  before = tree.files();
  for (const [what, args] of REFUSED) refused.set(what, await tree.newConsumer(...args));
  untouched = tree.files();
  for (const { name, options } of GENERATED) await tree.generate(name, ...options);
  after = tree.files();
});

afterAll(() => tree.remove());

describe('npm run new:consumer', () => {
  it.each(REFUSED)('refuses %s and says what there is', (what, _args, message) => {
    expect(refused.get(what)).toMatchObject({ code: 2, output: expect.stringContaining(message) });
  });

  it('writes nothing when it refuses', () => {
    expect(untouched).toEqual(before);
  });

  it('explains itself', async () => {
    const { code, output } = await tree.newConsumer('--help');
    expect(code).toBe(0);
    for (const option of ['<name>', '--topic', '--ordering', '--no-install'])
      expect(output).toContain(option);
  });
});

describe('a generated consumer', () => {
  it('changes four files, where the fleet lists its services, and adds its own', () => {
    const changed = [...before.keys()].filter((path) => after.get(path) !== before.get(path));
    expect(changed).toEqual([
      `${TOPOLOGY}/topology.ts`,
      'nest-cli.json',
      'package-lock.json',
      'tsconfig.json',
    ]);
    const added = [...after.keys()].filter((path) => !before.has(path));
    const own = [...APPS.map((app) => `${app}/`), ...GENERATED.map(({ name }) => ownTopology(name))];
    expect(added.filter((path) => !own.some((prefix) => path.startsWith(prefix)))).toEqual([]);
  });

  it.each(producersOf(topology))('leaves every file of the producer $name as it was', ({ name }) => {
    const ofProducer = (files: ReadonlyMap<string, string>) =>
      [...files].filter(([path]) => path.startsWith(`apps/${name}/`) || path === ownTopology(name));
    expect(ofProducer(before).length).toBeGreaterThan(10);
    expect(ofProducer(after)).toEqual(ofProducer(before));
  });

  it('touches no migration of anybody else', () => {
    const migrations = [...before].filter(([path]) => path.includes('/migrations/'));
    expect(migrations.length).toBeGreaterThan(10);
    expect(migrations.filter(([path, text]) => after.get(path) !== text)).toEqual([]);
  });

  it('has the next port and what it was asked for in the topology', () => {
    const highest = Math.max(...topology.map(({ port }) => port));
    const texts = GENERATED.map(({ name }) => after.get(ownTopology(name)));
    expect(texts[0]).toContain(`port: ${highest + 1},`);
    expect(texts[1]).toContain(`port: ${highest + 2},`);
    expect(texts[0]).toContain("consumes: [{ topic: 'order.created', ordering: 'key' }]");
    expect(texts[2]).toContain("consumes: [{ topic: 'stock.counted', ordering: 'partition' }]");
  });

  it('keeps the key and at most five required values, and nothing that is personal', () => {
    const sql = after.get('apps/stock-watch2/src/migrations/create-latest-stock-entry.migration.ts') ?? '';
    const columns = [...sql.matchAll(/^ {8}("?\w+"?) +(.*?),?$/gm)].map(([, name, rest]) => [
      name,
      rest?.replaceAll(/ +/g, ' '),
    ]);
    expect(columns).toEqual([
      ['sku', 'text COLLATE "C" PRIMARY KEY'],
      ['event_id', 'uuid NOT NULL'],
      ['"order"', 'text NOT NULL'],
      ['share', 'double precision NOT NULL'],
      ['final', 'boolean NOT NULL'],
      ['on_hand', 'bigint NOT NULL'],
      ['counted_at', 'timestamptz NOT NULL'],
    ]);
  });

  it('is a consumer of at most 120 lines beyond its domain', () => {
    for (const { name } of GENERATED) {
      const text = after.get(`apps/${name}/src/${name}.consumer.ts`) ?? '';
      expect(text).toContain('@EventConsumer({ group:');
      expect(text.split('\n').length).toBeLessThanOrEqual(120);
    }
  });

  it('is in the lock, without any package that was not there', () => {
    const locked = (files: ReadonlyMap<string, string>): string[] =>
      Object.keys(JSON.parse(files.get('package-lock.json') ?? '').packages);
    const known = new Set(locked(before));
    const links = GENERATED.map(({ name }) => `node_modules/@millrace/${name}`);
    expect(locked(after).filter((path) => !known.has(path))).toEqual([...APPS, ...links].toSorted());
  });
});

describe('the code of a generated consumer, untouched', () => {
  const places = [...APPS, TOPOLOGY];
  const complaintsAbout = (output: string) =>
    output.split('\n').filter((line) => places.some((place) => line.includes(place)));

  it('is formatted', async () => {
    const files = [...places, 'tsconfig.json', 'nest-cli.json'];
    const checked = await tree.program('prettier/bin/prettier.cjs', ['--check', ...files]);
    expect(checked).toMatchObject({ code: 0 });
  });

  it('passes the linter', async () => {
    const linted = await tree.program('oxlint/bin/oxlint', ['--quiet', '--format', 'unix', ...places]);
    expect(linted).toEqual({ code: 0, output: '' });
  });

  it('keeps the import rules', async () => {
    const { violations, imports } = await cruise(tree.folder);
    expect(violations.filter((violation) => complaintsAbout(violation).length > 0)).toEqual([]);
    expect(imports.some(({ from }) => from.startsWith('apps/shipping/src/'))).toBe(true);
  });

  it('passes the compiler, specs included', async () => {
    const include = [...APPS.map((app) => `${app}/src/**/*.ts`), 'test/setup/*.d.ts'];
    const project = { extends: './tsconfig.test.json', include };
    writeProbe(tree.folder, 'tsconfig.generated.json', JSON.stringify(project));
    const args = ['-p', 'tsconfig.generated.json', '--listFiles'];
    const { output } = await tree.program('typescript/bin/tsc', args);
    const lines = output.split('\n');
    const listed = lines.filter((line) => line.startsWith(tree.folder));
    expect(listed).toContain(`${tree.folder}/apps/stock-watch2/src/stock-watch2.consumer.int.spec.ts`);
    const said = lines.filter((line) => !listed.includes(line));
    expect(complaintsAbout(said.join('\n'))).toEqual([]);
  });

  it('keeps the house style and declares what it imports', async () => {
    const args = ['--selectProjects', 'architecture', '--testPathPatterns', 'house-style', 'packages.spec'];
    const { output } = await tree.jest(args);
    expect(output).toMatch(/^Test Suites: .*2 total$/m);
    expect(complaintsAbout(output)).toEqual([]);
  });

  it('passes its unit specs and those of the topology', async () => {
    const patterns = [...APPS.map((app) => `${app}/`), TOPOLOGY];
    const { code, output } = await tree.jest(['--selectProjects', 'unit', '--testPathPatterns', ...patterns]);
    expect(code === 0 ? '' : output).toBe('');
    for (const app of APPS) expect(output).toContain(`PASS unit ${app}/src/domain/`);
  });
});

function ownTopology(name: string): string {
  return `${TOPOLOGY}/services/${name}.topology.ts`;
}
