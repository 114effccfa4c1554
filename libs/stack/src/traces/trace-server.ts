import type { ProcessSpec } from '../processes/process-spec.js';

/** A server of our own that takes the fleet's traces and shows them. */
export interface TraceServer {
  /** Name for people and, in lower case, of its process. */
  readonly name: 'Jaeger' | 'Zipkin';
  /** Base URL of page and API. */
  readonly url: string;
  /** Variables that lead a service's spans there. */
  readonly environment: Readonly<Record<string, string>>;
  /** The page of a trace. */
  link(traceId: string): string;
  /** How to run it; fetches what that takes. */
  process(): Promise<ProcessSpec>;
  /** The trace as the API gives it, for when there is no page. */
  apiLink(traceId: string): string;
  /** Whether it has its page; asked once it is ready. */
  hasPage(): Promise<boolean>;
}

/** Whether the URL answers a GET with 200; throws when nobody is there. */
export async function serves(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.status === 200;
}
