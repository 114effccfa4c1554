import { fileURLToPath } from 'node:url';
import { swcOptions } from '../../libs/testing/src/swc-options.mjs';
import config from '../../jest.config.mjs';

/** How long a test may take before a mutant that lets it wait for ever has ended it, milliseconds. */
const TEST_TIMEOUT_MS = 15_000;

const transformer = fileURLToPath(new URL('./mutant-transform.mjs', import.meta.url));
const { displayName: _unit, ...unit } = config.projects.find(({ displayName }) => displayName === 'unit');

/** The fast suite's unit tests on sources of which `MILLRACE_MUTANT` (a patch as JSON) changes one. */
export default {
  ...unit,
  testTimeout: TEST_TIMEOUT_MS,
  transform: {
    '^.+\\.ts$': [transformer, { swc: swcOptions, patch: JSON.parse(process.env.MILLRACE_MUTANT ?? 'null') }],
  },
};
