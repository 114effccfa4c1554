import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { dedent } from '../promql/dedent.js';

/** A query of a panel: PromQL that may use the dashboard's variables, and how its series are called. */
export interface Query {
  readonly expr: string;
  /** Name of a series, such as `{{group}}`; of a table, the name of the column. */
  readonly legend: string;
}

/** The query over the time range of the dashboard. */
export function rangeQuery({ expr, legend }: Query, at: number): DataqueryBuilder {
  return query({ expr, legend }, at).range();
}

/** The query at the end of the time range. */
export function instantQuery({ expr, legend }: Query, at: number): DataqueryBuilder {
  return query({ expr, legend }, at).instant();
}

/** The query as rows of a table, a column for each label and one for the value. */
export function tableQuery(of: Query, at: number): DataqueryBuilder {
  return instantQuery(of, at).format(PromQueryFormat.Table);
}

/** The query as the buckets of a histogram over time. */
export function bucketQuery(of: Query, at: number): DataqueryBuilder {
  return rangeQuery(of, at).format(PromQueryFormat.Heatmap);
}

function query({ expr, legend }: Query, at: number): DataqueryBuilder {
  return new DataqueryBuilder().expr(dedent(expr)).legendFormat(legend).refId(refId(at));
}

/** A, B, C …: how the transformations of a panel call its queries. */
export function refId(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}
