/** How consumers continue the trace of an event: as its children, or in traces of their own that only link it. */
export type Continuation = 'parent' | 'link';

let continuation: Continuation = 'parent';

/** From now on consumers continue traces that way. */
export function continueTraces(by: Continuation): void {
  continuation = by;
}

/** True when consumers only link the creation of an event. */
export function continuesByLinks(): boolean {
  return continuation === 'link';
}
