import { describe, expect, it } from '@jest/globals';
import { alertGroups } from './alerts/alert-groups.js';
import { dashboards } from './dashboards/dashboards.js';
import { queriesOf } from './dashboards/dashboard-queries.js';
import { labelsOf } from './promql/expression-labels.js';
import { withRecordings } from './promql/recorded-vocabulary.js';
import { fleetVocabulary } from './promql/vocabulary.js';

const alerts = alertGroups.flatMap((group) => group.alerts);
const recordings = alertGroups.flatMap((group) => group.recordings);
const queries = dashboards.flatMap(queriesOf);

/** Dashboard and query of every variable whose values Prometheus knows. */
const variables = dashboards.flatMap(({ title = '', templating }) =>
  (templating?.list ?? [])
    .filter(({ type }) => type === 'query')
    .map(({ query }) => [title, typeof query === 'string' ? query : ''] as const),
);

/** Labels that a template asks for, as Prometheus writes them or as Grafana does. */
function asked(template: string): string[] {
  return [...template.matchAll(/\{\{\s*(?:\$labels\.(\w+)|(\w+))\s*\}\}/g)].map(
    (found) => found[1] ?? found[2] ?? '',
  );
}

describe('expressions', () => {
  it.each(recordings.map((recording) => [recording.record, recording] as const))(
    'recording %s asks for metrics and labels that exist',
    (_, recording) => {
      const before = recordings.slice(0, recordings.indexOf(recording));
      expect(() => labelsOf(recording.expr, withRecordings(fleetVocabulary(), before))).not.toThrow();
    },
  );

  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    'alert %s asks for metrics and labels that exist, also in its words',
    (_, { expr, summary, description }) => {
      const labels = labelsOf(expr, withRecordings(fleetVocabulary(), recordings));
      expect(asked(summary + description).filter((label) => !labels.has(label))).toEqual([]);
    },
  );

  it.each(queries.map((query) => [query.dashboard, query.panel, query.expr, query] as const))(
    '%s, %s asks for metrics and labels that exist, also in its legend: %s',
    (_, __, ___, { expr, legend }) => {
      const labels = labelsOf(expr, withRecordings(fleetVocabulary(), recordings));
      expect(asked(legend).filter((label) => !labels.has(label))).toEqual([]);
    },
  );

  it.each(variables)('%s lists with %s values of a label that exists', (_, listed) => {
    const [, series = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(listed) ?? [];
    expect([...labelsOf(series, withRecordings(fleetVocabulary(), recordings))]).toContain(label);
  });

  it('are of five dashboards and not of none', () => {
    expect(new Set(queries.map(({ dashboard }) => dashboard)).size).toBe(dashboards.length);
    expect(dashboards).toHaveLength(5);
  });
});
