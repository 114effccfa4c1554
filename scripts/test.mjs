import { join } from 'node:path';
import { sideBySide } from './side-by-side.mjs';

const ROOT = join(import.meta.dirname, '..');
const JEST = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** The tiers of commands: what runs before Jest, and which of its projects, in groups that run at the same time. */
const RUNS = {
  fast: {
    steps: [
      ['types', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json', 'tsconfig.test.json']],
      ['lint', ['scripts/lint.mjs']],
    ],
    // Each has a stack of its own; what waits for servers leaves a core to what computes.
    groups: [
      ['integration', 'architecture'],
      ['e2e', 'unit'],
    ],
  },
  long: {
    steps: [['build', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']]],
    // What computes fits beside what waits for outages to end.
    groups: [['chaos'], ['waiting', 'fleets', 'mutants']],
  },
  observability: {
    steps: [['build', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']]],
    groups: [['observability']],
  },
  deploy: {
    steps: [['build', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']]],
    groups: [['deploy']],
  },
  containers: {
    steps: [['build', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']]],
    groups: [['containers']],
  },
  mutants: {
    steps: [],
    groups: [['mutants']],
  },
};

const [name, ...jestArguments] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) {
  console.error(`Say which tests: ${Object.keys(RUNS).join(' or ')}, for example \`npm test\`.`);
  process.exit(2);
}
if (run.steps.length > 0) {
  console.log(`— ${run.steps.map(([step]) => step).join(', ')}`);
  // An earlier step that fails ends the run without a closing line: nothing was tested.
  const { code } = await sideBySide(
    run.steps.map(([, args]) => args),
    { cwd: ROOT, env: environment() },
  );
  if (code !== 0) process.exit(code);
}
console.log('— jest');
// Whoever picks tests wants to see them at once, and they may all lie in one group.
const groups = jestArguments.length > 0 ? [run.groups.flat()] : run.groups;
const { code, counts } = await sideBySide(
  groups.map((projects) => [
    ...JEST,
    '--selectProjects',
    ...projects,
    '--runInBand',
    '--forceExit',
    ...jestArguments,
  ]),
  { cwd: ROOT, env: environment() },
);
if (counts) console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = code;

/** Our own log lines would bury Jest's; a service under test that fails says so through its state. */
function environment() {
  return { LOG_LEVEL: 'error', ...process.env };
}
