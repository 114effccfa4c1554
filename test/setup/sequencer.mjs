import Sequencer from '@jest/test-sequencer';

/** Cheap and telling tiers first: whoever breaks a rule learns it before the servers are asked. */
const TIERS = [
  'unit',
  'architecture',
  'integration',
  'e2e',
  'mutants',
  'fleets',
  'chaos',
  'waiting',
  'observability',
  'deploy',
  'containers',
];

/** Runs the tiers in order and, inside a tier, the files by path, so that two runs are alike. */
export default class TierSequencer extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => tierOf(a) - tierOf(b) || a.path.localeCompare(b.path));
  }
}

function tierOf(test) {
  return TIERS.indexOf(test.context.config.displayName?.name);
}
