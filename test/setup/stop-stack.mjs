import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** Stops the stack of the test run and removes its folder; with MILLRACE_KEEP set the logs stay. */
export default async function stopTestStack() {
  const stack = globalThis.__millraceStack;
  if (!stack) return;
  const directory = globalThis.__millraceDirectory;
  globalThis.__millraceStack = undefined;
  await stack.close();
  await globalThis.__millraceOtlp.close();
  const leftover = process.env.MILLRACE_KEEP ? join(directory, 'data') : directory;
  rmSync(leftover, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  if (process.env.MILLRACE_KEEP) process.stderr.write(`Logs of the stack: ${join(directory, 'logs')}\n`);
}
