import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbookOf, type Alert, type AlertGroup } from '@millrace/observability';
import { stringify } from 'yaml';
import type { AlertCase, Firing } from './alert-case.js';
import { promtool } from './promtool.js';

/** An alert, and the group whose recordings it may use. */
export interface GroupedAlert {
  readonly group: AlertGroup;
  readonly alert: Alert;
}

/** Lets promtool run a case against a rule file and gives its complaints; what it writes for that goes to the folder. */
export function runCase(folder: string, ruleFile: string, of: GroupedAlert, given: AlertCase): string {
  const path = join(folder, 'case.yml');
  writeFileSync(path, stringify(unitTest(ruleFile, of, given)));
  return promtool('test', 'rules', path);
}

function unitTest(
  ruleFile: string,
  { group, alert }: GroupedAlert,
  { series, at, firing }: AlertCase,
): object {
  return {
    rule_files: [ruleFile],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            alertname: alert.name,
            eval_time: at,
            exp_alerts: firing.map((each) => expected(group.name, alert, each)),
          },
        ],
      },
    ],
  };
}

function expected(group: string, { name, severity, summary, description }: Alert, firing: Firing): object {
  return {
    exp_labels: { ...firing.labels, severity },
    exp_annotations: {
      summary: inWords(summary, firing),
      description: inWords(description, firing),
      runbook_url: runbookOf(group, name),
    },
  };
}

/** What Prometheus makes of a template, for the two things that our templates use. */
function inWords(template: string, { labels, value = '' }: Firing): string {
  return template
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
    .replaceAll(/\{\{ \$value[^}]*\}\}/g, value);
}
