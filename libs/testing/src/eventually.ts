/** How long `eventually` waits; milliseconds. */
export interface Deadline {
  /** @default 90_000, with which a slow machine is done */
  readonly withinMs?: number;
  /** Pause between two looks. @default 50 */
  readonly everyMs?: number;
}

/**
 * Waits until the look succeeds and gives its answer; a look that throws is repeated until the deadline, whose
 * error is then the last one thrown. For conditions of real parts; never a fixed sleep.
 */
export async function eventually<Seen>(
  look: () => Seen | Promise<Seen>,
  { withinMs = 90_000, everyMs = 50 }: Deadline = {},
): Promise<Seen> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
