/** A series of an instant query: its labels and its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: readonly unknown[] };
}

interface VectorElement {
  readonly metric: Record<string, string>;
  readonly value: readonly [number, string];
}

/** What an expression yields now; throws with Prometheus' words when it refuses the expression. */
export async function query(url: string, expr: string): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expr }),
  });
  const { error, data } = (await response.json()) as Answer;
  if (error !== undefined || data === undefined) throw new Error(`${expr}: ${error ?? 'no data'}`);
  if (data.resultType !== 'vector') throw new Error(`${expr} yields a ${data.resultType}, not series`);
  return (data.result as readonly VectorElement[]).map(({ metric, value }) => ({
    labels: metric,
    value: Number(value[1]),
  }));
}

/** Values of an expression by one of its labels. */
export async function valuesBy(url: string, label: string, expr: string): Promise<Record<string, number>> {
  const samples = await query(url, expr);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels[label] ?? '', value]));
}
