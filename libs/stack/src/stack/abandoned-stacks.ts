import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearAbandoned, isOwned } from '../guard/run-file.js';

/** Removes the folders below `parent` in which crashed stacks left data, ending what still runs in them. */
export async function removeAbandonedStacks(parent: string): Promise<void> {
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const directory = join(parent, entry.name);
    // A folder without a run file belongs to a stack that is just being made or just being removed.
    if (!entry.isDirectory() || !existsSync(join(directory, 'run.json')) || isOwned(directory)) continue;
    await clearAbandoned(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}
