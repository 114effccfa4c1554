import { statfsSync } from 'node:fs';
import { StackError } from '../stack.error.js';

const LEAST_BYTES = 1.5e9;

/** Throws `StackError` DISK when the file system of the folder has less than `least` bytes free. @default 1.5 GB */
export function assertSpace(folder: string, least = LEAST_BYTES): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= least) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  throw new StackError(
    'DISK',
    `The stack needs ${gigabytes(least)} GB of free space for ${folder}, and there are ${gigabytes(free)} GB: free some, or choose another place with --dir.`,
  );
}
