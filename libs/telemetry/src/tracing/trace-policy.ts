/** How consumers continue the trace of an event: as its children, or in traces of their own that only link it. */
export type Continuation = 'parent' | 'link';

/** What this process does with traces. */
export interface TracePolicy {
  readonly continuation: Continuation;
  /** Whether spans go anywhere: otherwise none is made, and traces pass through as they are. */
  readonly exported: boolean;
}

let current: TracePolicy = { continuation: 'parent', exported: true };

/** Sets what this process does with traces from now on. */
export function setTracePolicy(policy: TracePolicy): void {
  current = policy;
}

/** What this process does with traces. */
export function tracePolicy(): TracePolicy {
  return current;
}
