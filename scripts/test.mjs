import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const JEST = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** The tiers of commands: what runs before Jest, and which of its projects. */
const RUNS = {
  fast: {
    steps: [
      ['types', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json', 'tsconfig.test.json']],
      ['lint', ['scripts/lint.mjs']],
    ],
    projects: ['unit', 'architecture', 'integration', 'e2e'],
  },
  long: {
    steps: [['build', ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']]],
    projects: ['mutants', 'chaos'],
  },
  mutants: {
    steps: [],
    projects: ['mutants'],
  },
};

const [name, ...jestArguments] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) {
  console.error(`Say which tests: ${Object.keys(RUNS).join(' or ')}, for example \`npm test\`.`);
  process.exit(2);
}
for (const [step, args] of run.steps) {
  console.log(`— ${step}`);
  // An earlier step that fails ends the run without a closing line: nothing was tested.
  const code = node(args);
  if (code !== 0) process.exit(code);
}
console.log('— jest');
process.exitCode = node([
  ...JEST,
  '--selectProjects',
  ...run.projects,
  '--runInBand',
  '--forceExit',
  ...jestArguments,
]);

function node(args) {
  // Our own log lines would bury Jest's; a service under test that fails says so through its state.
  const env = { LOG_LEVEL: 'error', ...process.env };
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
}
