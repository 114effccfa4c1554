import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './repository.js';

/** What dependency-cruiser found in a tree. */
export interface Cruise {
  /** `rule: from → to`, sorted. */
  readonly violations: readonly string[];
  /** Every import: the file and the specifier as written. */
  readonly imports: readonly { readonly from: string; readonly specifier: string }[];
}

interface Report {
  readonly summary: { readonly violations: readonly { rule: { name: string }; from: string; to: string }[] };
  readonly modules: readonly { source: string; dependencies: readonly { module: string }[] }[];
}

const run = promisify(execFile);
const PACKAGE = join(ROOT, 'node_modules/dependency-cruiser');
const BUFFER = 64 * 1024 * 1024;

/** Applies the repository's import rules to the apps and libs under the given folder. */
export async function cruise(folder: string): Promise<Cruise> {
  const manifest: { bin: Record<string, string> } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  );
  const program = join(PACKAGE, manifest.bin['depcruise'] ?? '');
  const flags = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  const { stdout } = await run(process.execPath, [program, ...flags, 'apps', 'libs'], {
    cwd: folder,
    maxBuffer: BUFFER,
  }).catch((error: { stdout: string }) => error);
  const report: Report = JSON.parse(stdout);
  return {
    violations: report.summary.violations
      .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
      .toSorted(),
    imports: report.modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ module }) => ({ from: source, specifier: module })),
    ),
  };
}
