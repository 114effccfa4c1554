import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOutcome } from './benchmark.js';
import type { Machine, Versions } from './machine.js';

/** What a benchmark leaves behind. */
export interface BenchResult extends BenchOutcome {
  readonly name: string;
  /** When it began, RFC 3339. */
  readonly at: string;
  readonly machine: Machine;
  readonly versions: Versions;
  /** Load of the machine before and after, as a mean over a minute. */
  readonly load: { readonly before: number; readonly after: number };
  readonly seconds: number;
}

/** Writes `<folder>/<name>.json`, replacing what an earlier run left, and returns its path. */
export function writeResult(folder: string, result: BenchResult): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.name}.json`);
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  return file;
}
