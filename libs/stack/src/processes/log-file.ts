import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const TAIL_BYTES = 8_192;

/** Path of a process's log; the log of the run before is kept beside it as `<name>.previous.log`. */
export function freshLog(directory: string, name: string): string {
  const path = join(directory, `${name}.log`);
  if (existsSync(path)) renameSync(path, join(directory, `${name}.previous.log`));
  return path;
}

/** The last lines of a log, oldest first; none when there is no log. */
export function tailOf(path: string, lines = 12): readonly string[] {
  if (!existsSync(path)) return [];
  const size = statSync(path).size;
  const length = Math.min(size, TAIL_BYTES);
  const buffer = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, length, size - length);
  } finally {
    closeSync(file);
  }
  return buffer.toString('utf8').trimEnd().split('\n').filter(Boolean).slice(-lines);
}
