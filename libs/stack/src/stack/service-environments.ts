import { join } from 'node:path';
import { topology } from '@millrace/contracts';
import { readJson, writeJson } from '../guard/json-file.js';

const FILE = 'service-environments.json';

type Environments = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Keeps each service's environment, started or not, so that `npm run dev` can join one to the stack; this user only. */
export function writeServiceEnvironments(
  dataFolder: string,
  environmentOf: (service: string) => Readonly<Record<string, string>>,
): void {
  const pairs = topology.map(({ name }) => [name, environmentOf(name)] as const);
  writeJson(join(dataFolder, FILE), Object.fromEntries(pairs));
}

/** The environment that the running stack keeps for a service; undefined when there is none. */
export function readServiceEnvironment(
  directory: string,
  service: string,
): Readonly<Record<string, string>> | undefined {
  return readJson<Environments>(join(directory, 'data', FILE))?.[service];
}
