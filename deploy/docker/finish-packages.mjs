// Applies our patches to the packages installed in the current folder and removes what no program reads.
// Lies beside the node_modules of the build, which has patch-package.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const patchPackage = join(import.meta.dirname, '../../node_modules/patch-package/index.js');

// The mail sink has no Kafka client, hence nothing to patch.
if (existsSync('node_modules/kafkajs')) {
  const { status } = spawnSync(process.execPath, [patchPackage, '--error-on-fail'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

for (const path of globSync('node_modules/**/*.{d.ts,d.mts,d.cts,map}')) rmSync(path);
