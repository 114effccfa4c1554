/** Waits for the promise, but no longer than the given milliseconds; the timer keeps no process alive. */
export async function within(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, deadlineMs);
  await Promise.race([work, tooLate]);
  clearTimeout(timer);
}
