import { rm } from 'node:fs/promises';

/** Stops the stack of the run and forgets its folder; MILLRACE_KEEP=1 keeps it, with the logs. */
export default async function stop() {
  await globalThis.__millraceStack?.close();
  await globalThis.__millraceOtlp?.close();
  if (process.env.MILLRACE_KEEP) {
    process.stderr.write(`  kept ${globalThis.__millraceDirectory}\n`);
  } else if (globalThis.__millraceDirectory) {
    await rm(globalThis.__millraceDirectory, { recursive: true, force: true });
  }
}
