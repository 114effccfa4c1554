import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = 'v5.8.1';
const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.millrace/bin');
const PROGRAM = join(FOLDER, process.platform === 'win32' ? 'kustomize.exe' : 'kustomize');

/** Builds kustomize into .millrace/bin unless it is there already, and passes it the arguments. */
if (!existsSync(PROGRAM)) build();
const args = process.argv.slice(2);
if (args.length > 0) process.exitCode = spawnSync(PROGRAM, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;

function build() {
  mkdirSync(FOLDER, { recursive: true });
  console.error(`Building kustomize ${VERSION} with Go, once …`);
  const { error, status } = spawnSync('go', ['install', `sigs.k8s.io/kustomize/kustomize/v5@${VERSION}`], {
    env: { ...process.env, GOBIN: FOLDER, GOFLAGS: '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error?.code === 'ENOENT') {
    console.error(
      'kustomize is built with Go, which is not on the PATH: install Go 1.24 or newer, and try again.',
    );
    process.exit(1);
  }
  if (status !== 0) {
    console.error(`kustomize ${VERSION} could not be built: see what Go says above.`);
    process.exit(1);
  }
}
