/** The newest that {{name}} knows of {{anAggregate}}. */
export interface {{Thing}} {
  readonly {{key}}: string;
  /** Event that told it: a uuidv7, so that of two events the later one is higher. */
  readonly eventId: string;
{{interfaceFields}}
}

/**
 * Of each {{aggregate}} what its newest event told. Comparing ids instead of trusting the order of arrival keeps this
 * right when an event comes back late, from a retry or a replay.
 */
export function newestOf(told: readonly {{Thing}}[]): {{Thing}}[] {
  const newest = new Map<string, {{Thing}}>();
  for (const each of told) {
    const known = newest.get(each.{{key}});
    if (!known || known.eventId < each.eventId) newest.set(each.{{key}}, each);
  }
  return [...newest.values()];
}
