import { isError } from './is-error.js';

const CLASS_BYTES = 256;
const MESSAGE_BYTES = 1_024;
const STACK_BYTES = 8_192;

/** An error as text that may leave the process: bounded, and without Postgres' detail, which holds values. */
export interface ErrorText {
  readonly errorClass: string;
  readonly errorMessage: string;
  readonly errorStack: string;
}

/** Describes any thrown value. */
export function errorText(error: unknown): ErrorText {
  if (!isError(error)) {
    return { errorClass: typeof error, errorMessage: 'a value that is no error was thrown', errorStack: '' };
  }
  return {
    errorClass: bounded(error.name, CLASS_BYTES),
    errorMessage: bounded(error.message, MESSAGE_BYTES),
    errorStack: bounded(error.stack ?? '', STACK_BYTES),
  };
}

/** Well-formed text of at most that many bytes; NUL is dropped, because Postgres' text cannot hold it. */
function bounded(text: string, bytes: number): string {
  const clean = text.replaceAll('\0', '').toWellFormed();
  const encoded = Buffer.from(clean);
  return encoded.length <= bytes
    ? clean
    : encoded
        .subarray(0, bytes)
        .toString()
        .replace(/\uFFFD+$/, '');
}
