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

/** Lets promtool run cases of an alert against a rule file and gives its complaints; the folder is for what it reads. */
export function runCases(
  folder: string,
  ruleFile: string,
  of: GroupedAlert,
  cases: readonly AlertCase[],
): string {
  const path = join(folder, 'cases.yml');
  const tests = cases.map((each) => unitTest(of, each));
  writeFileSync(path, stringify({ rule_files: [ruleFile], evaluation_interval: '1m', tests }));
  return promtool('test', 'rules', path);
}

function unitTest({ group, alert }: GroupedAlert, { when, series, at, firing }: AlertCase): object {
  const expectation = {
    alertname: alert.name,
    eval_time: at,
    exp_alerts: firing.map((each) => expected(group.name, alert, each)),
  };
  return {
    name: when,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [expectation],
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
