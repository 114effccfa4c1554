import { dedent } from '../promql/dedent.js';
import type { Alert, AlertGroup, Recording } from './alert.js';

/** Content of Prometheus' rule file of a group, before it is written as YAML. */
export function ruleFile({ name, recordings, alerts }: AlertGroup): object {
  const rules = [...recordings.map(recordingRule), ...alerts.map((alert) => alertRule(name, alert))];
  return { groups: [{ name: `millrace-${name}`, rules }] };
}

/** Place of an alert's section in the runbooks, from the root of the repository. */
export function runbookOf(group: string, alert: string): string {
  return `docs/runbooks/${group}.md#${alert.toLowerCase()}`;
}

function recordingRule({ record, expr }: Recording): object {
  return { record, expr: dedent(expr) };
}

function alertRule(
  group: string,
  { name, severity, expr, for: pending, summary, description }: Alert,
): object {
  return {
    alert: name,
    expr: dedent(expr),
    ...(pending === undefined ? {} : { for: pending }),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookOf(group, name) },
  };
}
