import { fileURLToPath } from 'node:url';
import { swcOptions } from './libs/testing/src/swc-options.mjs';

const root = import.meta.dirname;

/** What every tier has in common: TypeScript in native ESM, sources instead of builds. */
const base = {
  rootDir: root,
  testEnvironment: '<rootDir>/test/setup/leak-guard.mjs',
  testEnvironmentOptions: { customExportConditions: ['@millrace/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  resolver: fileURLToPath(new URL('./test/setup/source-resolver.cjs', import.meta.url)),
  setupFiles: ['reflect-metadata'],
  modulePathIgnorePatterns: ['<rootDir>/\\.millrace/', '<rootDir>/(apps|libs)/[^/]+/dist/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swcOptions],
  },
};

/** Tiers that share the one stack of the run; `test/setup` starts it before them and stops it after. */
const onStack = {
  ...base,
  globalSetup: '<rootDir>/test/setup/start-stack.mjs',
  globalTeardown: '<rootDir>/test/setup/stop-stack.mjs',
  testEnvironment: '<rootDir>/test/setup/stack-environment.mjs',
};

/** Faults that run beside the others, on a stack of their own: they wait most of the time. */
const WAITING = ['crash-matrix', 'outages', 'server-outage'].map((name) => `test/chaos/${name}.spec.ts`);

export default {
  reporters: ['default', fileURLToPath(new URL('./test/setup/summary-reporter.mjs', import.meta.url))],
  testSequencer: fileURLToPath(new URL('./test/setup/sequencer.mjs', import.meta.url)),
  // A test that hangs fails too late rather than one on a busy machine that is slow.
  testTimeout: 600_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.spec.ts', '<rootDir>/test/{bench,saga}/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'],
    },
    {
      ...base,
      displayName: 'architecture',
      testMatch: ['<rootDir>/test/{architecture/**/*,mutants/mutant-list}.spec.ts'],
    },
    { ...onStack, displayName: 'integration', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.int.spec.ts'] },
    { ...onStack, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    { ...base, displayName: 'mutants', testMatch: ['<rootDir>/test/mutants/{mutants,mutation-run}.spec.ts'] },
    {
      ...onStack,
      displayName: 'chaos',
      testMatch: ['<rootDir>/test/chaos/**/*.spec.ts'],
      testPathIgnorePatterns: WAITING,
    },
    { ...onStack, displayName: 'waiting', testMatch: WAITING.map((path) => `<rootDir>/${path}`) },
    // These start what they need themselves: fleets of their own, a stack whose traces go to Jaeger, a Prometheus,
    // kustomize, containers.
    { ...base, displayName: 'fleets', testMatch: ['<rootDir>/test/fleets/**/*.spec.ts'] },
    { ...base, displayName: 'observability', testMatch: ['<rootDir>/test/observability/**/*.spec.ts'] },
    { ...base, displayName: 'deploy', testMatch: ['<rootDir>/test/deploy/**/*.spec.ts'] },
    { ...base, displayName: 'containers', testMatch: ['<rootDir>/test/containers/**/*.spec.ts'] },
  ],
};
