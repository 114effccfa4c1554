/** PromQL of a quantile of a histogram over the step of the graph, by labels. */
export function quantile(share: number, histogram: string, selector: string, by: readonly string[]): string {
  const buckets = `rate(${histogram}_bucket{${selector}}[$__rate_interval])`;
  return `histogram_quantile(${share}, sum by (${[...by, 'le'].join(', ')}) (${buckets}))`;
}

/** PromQL of the mean of a histogram over the step of the graph, by labels. */
export function mean(histogram: string, selector: string, by: readonly string[]): string {
  const part = (name: string): string =>
    `sum by (${by.join(', ')}) (rate(${histogram}_${name}{${selector}}[$__rate_interval]))`;
  return `${part('sum')} / ${part('count')}`;
}
