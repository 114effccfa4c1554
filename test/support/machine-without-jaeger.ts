import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** A machine on which neither a Jaeger nor a Docker engine is found. */
export interface MachineWithoutJaeger {
  /** The checkout as it is before `npm run jaeger`. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Lays the checkout out anew in the folder, by links, without what was built into `.millrace/bin`. */
export function machineWithoutJaeger(folder: string): MachineWithoutJaeger {
  const jars = join(ROOT, '.millrace', 'jars');
  mkdirSync(jars, { recursive: true });
  mkdirSync(join(folder, '.millrace'), { recursive: true });
  mkdirSync(join(folder, 'no-programs'));
  for (const name of ['apps', 'deploy', 'libs', 'node_modules']) {
    symlinkSync(join(ROOT, name), join(folder, name));
  }
  symlinkSync(jars, join(folder, '.millrace', 'jars'));
  return { root: folder, environment: { PATH: join(folder, 'no-programs'), JAEGER_BINARY: '' } };
}
