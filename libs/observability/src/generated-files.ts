import { stringify } from 'yaml';
import { alertGroups } from './alerts/alert-groups.js';
import { ruleFile } from './alerts/rule-file.js';
import { dashboards } from './dashboards/dashboards.js';
import { prometheusConfiguration } from './prometheus/prometheus-configuration.js';

const NOTE = '# Written by `npm run generate` from libs/observability: change it there.\n';

/** The files below `deploy/observability`: path → content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const local = prometheusConfiguration({ rules: 'rules/*.yml', targets: '../../.millrace/targets.json' });
  return new Map([
    ['prometheus.yml', yaml(local)],
    ...alertGroups.map((group) => [`rules/${group.name}.yml`, yaml(ruleFile(group))] as const),
    ...dashboards.map((each) => [`dashboards/${each.uid ?? ''}.json`, json(each)] as const),
  ]);
}

function yaml(content: object): string {
  return NOTE + stringify(content, { lineWidth: 0 });
}

function json(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
