import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import { VizLegendOptionsBuilder, VizTooltipOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { bucketQuery, instantQuery, rangeQuery, refId, tableQuery, type Query } from './query.js';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const HEIGHT = 8;

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string;
  /** What it shows, what is good, and which runbook helps when it is not. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Columns of 24. @default 8 */
  readonly width?: number;
}

/** A state that a value stands for. */
export interface State {
  readonly text: string;
  readonly color: 'green' | 'yellow' | 'orange' | 'red' | 'blue';
}

/** Lines over time; beyond `limit` they are in the red. */
export function lines(text: PanelText, queries: readonly Query[], limit?: number): TimeseriesBuilder {
  const legend = new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['lastNotNull', 'max']);
  const tooltip = new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
  const panel = described(new TimeseriesBuilder(), text)
    .legend(legend)
    .tooltip(tooltip)
    .min(0)
    .fillOpacity(8);
  if (limit !== undefined) panel.thresholds(redFrom(limit));
  return panel.targets(queries.map(rangeQuery));
}

/** One number that should be 0: green, and red from `limit` on. */
export function number(text: PanelText, query: Query, limit?: number): StatBuilder {
  const panel = described(new StatBuilder(), text).height(4);
  if (limit !== undefined) panel.thresholds(redFrom(limit));
  return panel.targets([instantQuery(query, 0)]);
}

/** A row for each thing, with a column for each query; rows are matched by `key`. */
export function table(text: PanelText, key: string | undefined, queries: readonly Query[]): TableBuilder {
  const names = queries.map(({ legend }, at) => [`Value #${refId(at)}`, legend] as const);
  const together =
    key === undefined
      ? { id: 'merge', options: {} }
      : { id: 'joinByField', options: { byField: key, mode: 'outer' } };
  const columns = {
    id: 'organize',
    options: { excludeByName: hiddenTimes(queries.length), renameByName: Object.fromEntries(names) },
  };
  return described(new TableBuilder(), text)
    .targets(queries.map(tableQuery))
    .transformations([together, columns]);
}

/** Which state each series was in, over time. */
export function states(
  text: PanelText,
  queries: readonly Query[],
  of: readonly State[],
): StateTimelineBuilder {
  const options = Object.fromEntries(
    of.map(({ text: word, color }, code) => [String(code), { text: word, color, index: code }]),
  );
  return described(new StateTimelineBuilder(), text)
    .mappings([{ type: MappingType.ValueToText, options }])
    .targets(queries.map(rangeQuery));
}

/** How a duration is spread, over time. */
export function heatmap(text: PanelText, query: Query): HeatmapBuilder {
  return described(new HeatmapBuilder(), text).targets([bucketQuery(query, 0)]);
}

/** What all kinds of panels can be told. */
interface Described<Panel> {
  title(title: string): Panel;
  description(description: string): Panel;
  unit(unit: string): Panel;
  span(width: number): Panel;
  height(height: number): Panel;
  datasource(datasource: typeof DATASOURCE): Panel;
}

function described<Panel extends Described<Panel>>(
  panel: Panel,
  { title, description, unit, width = 8 }: PanelText,
): Panel {
  return panel
    .title(title)
    .description(description)
    .unit(unit)
    .span(width)
    .height(HEIGHT)
    .datasource(DATASOURCE);
}

function redFrom(limit: number): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { color: 'green', value: null },
    { color: 'red', value: limit },
  ]);
}

/** Each query of a table brings a time of its own. */
function hiddenTimes(count: number): Record<string, boolean> {
  const numbered = Array.from({ length: count }, (_, at) => [`Time ${at + 1}`, true] as const);
  return Object.fromEntries([['Time', true], ...numbered]);
}
