import { messageOf, StackError } from '../stack.error.js';

/** Writes a line for the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes why something failed: one sentence, and the log lines that explain it when there are any. */
export function sayFailure(error: unknown): void {
  const details = error instanceof StackError ? error.details : [];
  const text = [messageOf(error), ...details.map((line) => `  ${line}`)].join('\n');
  process.stderr.write(`\n${text}\n`);
  if (!(error instanceof StackError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
