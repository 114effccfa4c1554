import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel as BuiltPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** A panel, to be placed after the one before it. */
export type Panel = Builder<BuiltPanel>;

/** What a dashboard of the fleet is made of. */
export interface FleetDashboard {
  /** With `millrace-` before it the name of its file and the last part of its address in Grafana. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Beside the data source, which every dashboard lets choose. */
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** Which groups to show; the queries ask for `group=~"$group"`. */
export const GROUP = labelVariable('group', 'Group', 'millrace_attempts_total', 'group');

/** Builds a dashboard with what all have: tags, refresh, the choice of data source and links to the others. */
export function fleetDashboard({ uid, title, description, variables, rows }: FleetDashboard): Dashboard {
  const others = new DashboardLinkBuilder('Millrace').type(DashboardLinkType.Dashboards).tags(['millrace']);
  const dashboard = new DashboardBuilder(`Millrace / ${title}`)
    .uid(`millrace-${uid}`)
    .description(description)
    .tags(['millrace', 'generated'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .readonly()
    .link(others.keepTime(true).includeVars(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const variable of variables) dashboard.withVariable(variable);
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) dashboard.withPanel(panel);
  }
  return dashboard.build();
}

/** A variable of which several values, or all, can be chosen; its values are those of a label. */
export function labelVariable(
  name: string,
  label: string,
  series: string,
  of: string,
): Builder<VariableModel> {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource({ type: 'prometheus', uid: '${datasource}' })
    .query(`label_values(${series}, ${of})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all', selected: true });
}

/** A variable with a closed list of values, of which one is chosen. */
export function choiceVariable(
  name: string,
  label: string,
  values: readonly string[],
): Builder<VariableModel> {
  const [first = ''] = values;
  return new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options(values.map((value) => ({ text: value, value, selected: value === first })))
    .current({ text: first, value: first, selected: true });
}
