import { setTimeout as pause } from 'node:timers/promises';

/** Asks every `everyMs` milliseconds until the answer is true; false when the time (milliseconds) is over. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 50,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await pause(everyMs);
  }
}
