import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '../processes/launch.js';
import { StackError } from '../stack.error.js';

/** An entry point of an app and what it is started with. */
export interface Program {
  readonly root: string;
  readonly app: string;
  /** Name of the entry point without extension: `main`, `migrate`. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What Node is told when it runs a service: a young generation of 32 MiB per half instead of 16 lets the records of a
 * backlog die young, which spares copying them.
 */
export const SERVICE_NODE_OPTIONS: readonly string[] = ['--max-semi-space-size=32', '--enable-source-maps'];

/** How to run the build of an app on this Node; throws `StackError` NOT_BUILT when there is none. */
export function programLaunch(program: Program): Launch {
  const script = join('apps', program.app, 'dist', `${program.entry}.js`);
  if (!existsSync(join(program.root, script))) {
    throw new StackError('NOT_BUILT', `${script} does not exist: run npm run build, and start again.`);
  }
  const args = [...SERVICE_NODE_OPTIONS, script, ...(program.args ?? [])];
  return { file: process.execPath, args, env: program.env, cwd: program.root };
}
