import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one spec, and how to remove it. */
export function testDirectory(): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-stack-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
