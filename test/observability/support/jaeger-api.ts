/** A reference of a span, the parent first: CHILD_OF for a parent, FOLLOWS_FROM for a link, maybe of another trace. */
export interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

/** A span as Jaeger's API gives it. */
export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  /** Microseconds since 1970. */
  readonly startTime: number;
  /** Microseconds. */
  readonly duration: number;
  readonly tags: readonly { readonly key: string; readonly value: string | number | boolean }[];
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}

/** A trace as Jaeger's API gives it. */
export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
  readonly warnings: readonly string[] | null;
}

/** An edge of the service graph. */
export interface Dependency {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

const DAY_MS = 86_400_000;
const MOST_TRACES = 500;

/** Jaeger's HTTP API, as its page uses it. */
export class JaegerApi {
  constructor(private readonly url: string) {}

  /** One trace; throws while Jaeger does not know it. */
  async trace(traceId: string): Promise<JaegerTrace> {
    const [found] = await this.get<JaegerTrace[]>(`/api/traces/${traceId}`);
    if (!found) throw new Error(`Jaeger has no trace ${traceId}`);
    return found;
  }

  /** The graph of services over the last day. */
  dependencies(): Promise<readonly Dependency[]> {
    return this.get(`/api/dependencies?endTs=${Date.now()}&lookback=${DAY_MS}`);
  }

  /** Every trace that is reached from this one over links, followed forwards and backwards. */
  async reachedFrom(traceId: string): Promise<readonly JaegerTrace[]> {
    const all = await this.traces();
    const reached = new Set([traceId]);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const trace of all) {
        const linked = trace.spans.flatMap(({ references }) => references.map(({ traceID }) => traceID));
        if (reached.has(trace.traceID)) for (const id of linked) reached.add(id);
        else if (linked.some((id) => reached.has(id))) reached.add(trace.traceID);
      }
    }
    return all.filter(({ traceID }) => reached.has(traceID));
  }

  private async traces(): Promise<readonly JaegerTrace[]> {
    const services = await this.get<string[]>('/api/services');
    const found = await Promise.all(
      services.map((service) =>
        this.get<JaegerTrace[]>(
          `/api/traces?service=${encodeURIComponent(service)}&limit=${MOST_TRACES}&lookback=1d`,
        ),
      ),
    );
    return [...new Map(found.flat().map((trace) => [trace.traceID, trace])).values()];
  }

  private async get<Data>(path: string): Promise<Data> {
    const answer = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(30_000) });
    if (answer.status !== 200)
      throw new Error(`Jaeger answers ${answer.status} to ${path}: ${await answer.text()}`);
    return ((await answer.json()) as { data: Data }).data;
  }
}

/** Name of the service that a span belongs to. */
export function serviceOf(trace: JaegerTrace, span: JaegerSpan): string {
  return trace.processes[span.processID]?.serviceName ?? 'unknown';
}

/**
 * Id of the span that Jaeger draws another one below; undefined for a root. It is the first reference in the same trace,
 * whatever its type: a span that also links its parent is given to us as FOLLOWS_FROM alone.
 */
export function parentOf({ traceID, references }: JaegerSpan): string | undefined {
  return references.find((reference) => reference.traceID === traceID)?.spanID;
}

/** Value of a span's tag; undefined when it has none of that name. */
export function tagOf(span: JaegerSpan, key: string): string | number | boolean | undefined {
  return span.tags.find((tag) => tag.key === key)?.value;
}
