import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** A query of a dashboard as Prometheus gets it, when all groups and services are chosen. */
export interface DashboardQuery {
  readonly dashboard: string;
  readonly panel: string;
  /** PromQL without variables. */
  readonly expr: string;
  /** Template of the names of its series. */
  readonly legend: string;
}

/** What stands for Grafana's variables when somebody has chosen everything. */
const CHOSEN: Readonly<Record<string, string>> = {
  $__rate_interval: '5m',
  $__range: '1h',
  $group: '.*',
  $service: '.*',
  $phase: 'handle',
};

/** Every query of a dashboard, with its variables replaced. */
export function queriesOf({ title = '', panels = [] }: Dashboard): readonly DashboardQuery[] {
  return panels.flatMap((panel) =>
    'targets' in panel
      ? (panel.targets ?? []).flatMap((target) => {
          const { expr, legendFormat } = target as { readonly expr?: string; readonly legendFormat?: string };
          return [
            {
              dashboard: title,
              panel: panel.title ?? '',
              expr: substituted(expr ?? ''),
              legend: legendFormat ?? '',
            },
          ];
        })
      : [],
  );
}

function substituted(expr: string): string {
  return expr.replaceAll(/\$\w+/g, (variable) => CHOSEN[variable] ?? variable);
}
