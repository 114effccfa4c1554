import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack.error.js';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 10_000;

/** Where a Jaeger may be. */
export interface JaegerSearch {
  /** Folder of the checkout; `npm run jaeger` builds one into its `.millrace/bin`. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Path of a Jaeger 2: JAEGER_BINARY, else `jaeger` on PATH, else the one that was built here; undefined without any.
 * Throws `StackError` OPTIONS when JAEGER_BINARY names something else.
 */
export async function findJaeger({ root, environment }: JaegerSearch): Promise<string | undefined> {
  const named = environment['JAEGER_BINARY'];
  if (named) {
    if (await isJaeger(named)) return named;
    throw new StackError(
      'OPTIONS',
      `JAEGER_BINARY is ${named}, which is no Jaeger 2 that runs: point it at one, or unset it.`,
    );
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  const places = [...folders, join(root, '.millrace', 'bin')].map((folder) => join(folder, 'jaeger'));
  // Other programs have that name as well, so each is asked.
  for (const place of places.filter(isExecutable)) if (await isJaeger(place)) return place;
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the program tells its version as Jaeger 2 does, in JSON. */
async function isJaeger(program: string): Promise<boolean> {
  try {
    const { stdout } = await run(program, ['version'], { timeout: ANSWERS_WITHIN_MS });
    return stdout.includes('"gitVersion"');
  } catch {
    return false;
  }
}
