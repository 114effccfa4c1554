/**
 * Who may import whom: ARCHITECTURE, section "Layout". Each rule says why it is there.
 * `npm run lint` applies it to the tree; `test/architecture` also shows that each rule bites.
 */
const LIBRARIES = {
  contracts: [],
  config: [],
  telemetry: ['config'],
  observability: ['contracts', 'telemetry'],
  messaging: ['contracts', 'telemetry'],
  persistence: ['config', 'telemetry', 'messaging'],
  outbox: ['contracts', 'persistence', 'telemetry', 'messaging'],
  streams: ['contracts'],
  'mail-sink': ['config'],
  service: ['config', 'contracts', 'telemetry', 'messaging', 'persistence', 'outbox'],
};

const TESTS = '\\.(spec|fixture)\\.ts$|^test/';

const libraryRules = Object.entries(LIBRARIES).map(([library, allowed]) => ({
  name: `${library}-imports-only-${allowed.length === 0 ? 'itself' : allowed.join('-')}`,
  comment:
    allowed.length === 0
      ? `libs/${library} is a root of the graph: everybody may depend on it because it depends on nobody.`
      : `libs/${library} builds on ${allowed.join(', ')} alone, so that it can be understood and tested without the rest.`,
  severity: 'error',
  from: { path: `^libs/${library}/`, pathNot: TESTS },
  to: { path: '^libs/', pathNot: `^libs/(${[library, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...libraryRules,
    {
      name: 'no-library-imports-an-app',
      comment: 'A library serves every app; once it knows one of them it serves only that one.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-app-imports-an-app',
      comment: 'Services meet in topics and contracts. An import between them is a distributed monolith.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Business rules are read, tested and replayed without a database, a broker or a framework: ' +
        'domain/ imports @millrace/contracts and itself, nothing else, Node included.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: TESTS },
      to: { pathNot: ['^apps/$1/src/domain/', '^libs/contracts/'] },
    },
    {
      name: 'kafkajs-stays-behind-its-port',
      comment:
        'The client is unmaintained and full of traps: one folder knows it, so that it can be replaced.',
      severity: 'error',
      from: { pathNot: ['^libs/messaging/src/kafka/', '^test/'] },
      to: { path: '(^|/)node_modules/kafkajs/' },
    },
    {
      name: 'the-stack-is-for-development',
      comment:
        'libs/stack and libs/testing start and break servers, libs/deployment writes files: only tests, scripts and each other may import them.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/(stack|testing|deployment)/', TESTS] },
      to: { path: '^libs/(stack|testing|deployment)/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What a program needs lies in src; what a test needs never reaches an image.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { path: ['^test/', '\\.(spec|fixture)\\.ts$'] },
    },
    {
      name: 'declared-in-its-own-package',
      comment: 'An image installs only what its packages declare; a dependency of somebody else is luck.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that cannot be resolved escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(apps|libs)/[^/]+/dist/|(^|/)\\.millrace/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@millrace/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
