import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { BuiltResource } from './built-resource.js';

/** Root folder of the checkout. */
export const ROOT = join(import.meta.dirname, '../../..');

/** The overlays of deploy/k8s. */
export const OVERLAYS = ['dev', 'prod'] as const;

const run = promisify(execFile);

/** What `kustomize build` makes of an overlay of the tree at `root`; says what to install where Go is missing. */
export async function buildOverlay(name: string, root: string = ROOT): Promise<readonly BuiltResource[]> {
  const script = join(ROOT, 'scripts/kustomize.mjs');
  const { stdout } = await run(
    process.execPath,
    [
      script,
      'build',
      '--load-restrictor',
      'LoadRestrictionsRootOnly',
      join(root, 'deploy/k8s/overlays', name),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return parseAllDocuments(stdout).map((document): BuiltResource => document.toJS());
}
