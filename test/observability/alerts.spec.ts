import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { alertGroups, parsePromql, ruleFile } from '@millrace/observability';
import { stringify } from 'yaml';
import { captureCases } from './alerts/capture.cases.js';
import { consumersCases } from './alerts/consumers.cases.js';
import { deadLettersCases } from './alerts/dead-letters.cases.js';
import { freshnessCases } from './alerts/freshness.cases.js';
import { promtool } from './alerts/promtool.js';
import { reconciliationCases } from './alerts/reconciliation.cases.js';
import { mutantsOf } from './alerts/rule-mutants.js';
import { runCases, type GroupedAlert } from './alerts/alert-test.js';
import { servicesCases } from './alerts/services.cases.js';

const ROOT = join(import.meta.dirname, '..', '..');
const RULES = join(ROOT, 'deploy', 'observability', 'rules');

const allCases = [
  ...freshnessCases,
  ...captureCases,
  ...consumersCases,
  ...deadLettersCases,
  ...reconciliationCases,
  ...servicesCases,
].flatMap(({ cases }) => cases);
const folder = mkdtempSync(join(tmpdir(), 'millrace-alerts-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(alertGroups.map((group) => [group.name, group] as const))('the rules of %s', (name, group) => {
  const file = join(RULES, `${name}.yml`);

  it('are what Prometheus accepts', () => {
    expect(promtool('check', 'rules', '--lint-fatal', file)).toBe('');
  });

  describe.each(group.alerts.map((alert) => [alert.name, { group, alert }] as const))(
    '%s',
    (alertName, of) => {
      const cases = allCases.filter(({ alert }) => alert === alertName);
      const firing = cases.filter((each) => each.firing.length > 0);
      const silent = cases.filter((each) => each.firing.length === 0);

      it.each(firing.map((each) => [each.when, each] as const))('fires when %s', (_, each) => {
        expect(runCases(folder, file, of, [each])).toBe('');
      });

      it.each(silent.map((each) => [each.when, each] as const))('stays silent when %s', (_, each) => {
        expect(runCases(folder, file, of, [each])).toBe('');
      });

      it('is caught by one of these when an operator, a limit or its wait is changed', () => {
        const unseen = mutantsOf(of.alert).filter((mutant) => {
          // What does not parse would be caught for nothing.
          parsePromql(mutant.alert.expr);
          const mutated = mutantFile({ group, alert: mutant.alert });
          return runCases(folder, mutated, of, cases) === '';
        });
        expect(unseen.map(({ what }) => what)).toEqual([]);
        expect(firing.length * silent.length).toBeGreaterThan(0);
      });
    },
  );
});

/** Writes a rule file with the recordings of the group and one alert, and gives its path. */
function mutantFile({ group, alert }: GroupedAlert): string {
  const path = join(folder, 'mutant.yml');
  writeFileSync(path, stringify(ruleFile({ ...group, alerts: [alert] })));
  return path;
}
