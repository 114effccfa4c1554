/** One line of a Prometheus text. */
export interface Metric {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** The metrics that a service tells at `/metrics`. */
export async function scrape(url: string): Promise<Metric[]> {
  const answer = await fetch(new URL('/metrics', url));
  return metricsOf(await answer.text());
}

/** Reads a Prometheus text. */
export function metricsOf(text: string): Metric[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? ([0-9.e+-]+)/i.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels, value: Number(value) }];
  });
}

/** Count and mean of a histogram over all its labels that contain the text. */
export function meanOf(
  metrics: readonly Metric[],
  histogram: string,
  label = '',
): { readonly count: number; readonly mean: number; readonly sum: number } {
  const total = (suffix: string) =>
    metrics
      .filter(({ name, labels }) => name === `${histogram}${suffix}` && labels.includes(label))
      .reduce((sum, { value }) => sum + value, 0);
  const [count, sum] = [total('_count'), total('_sum')];
  return { count, sum, mean: count === 0 ? 0 : sum / count };
}
