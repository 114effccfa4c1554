import { describeVariables, type VariableDescription } from '@millrace/config';
import type { ServiceTopology } from '@millrace/contracts';
import type { ConfigFile } from './declarations.js';

/** What a program is for: serve, bring a schema up to date, prepare the fleet, keep it well, or repair it when told. */
export type ProgramKind = 'service' | 'migration' | 'setup' | 'keeper' | 'repair';

/** A program of the fleet as it is deployed. */
export interface Program {
  /** Unique name: `fraud`, `fraud-migrate`, `keeper-capture`. */
  readonly name: string;
  readonly kind: ProgramKind;
  /** Folder under apps/, and the name of its image. */
  readonly app: string;
  /** Arguments of its image. */
  readonly args: readonly string[];
  /** What it reads from its environment, each variable once. */
  readonly variables: readonly VariableDescription[];
}

/** The keeper's commands that prepare the fleet, in the order in which they run around the migrations. */
export const SETUP_COMMANDS = ['access', 'capture'] as const;

/** Every program that an orchestrator runs. */
export function programsOf(
  services: readonly ServiceTopology[],
  files: readonly ConfigFile[],
): readonly Program[] {
  return [
    ...services.flatMap(({ name }) => [migration(name, files), service(name, files)]),
    ...SETUP_COMMANDS.map((command) => keeperCommand(command, 'setup', files)),
    keeper(files),
    keeperCommand('recover', 'repair', files),
  ];
}

/** A command of the keeper that ends by itself. */
export function keeperCommand(
  command: string,
  kind: 'setup' | 'repair',
  files: readonly ConfigFile[],
): Program {
  return {
    name: `keeper-${command}`,
    kind,
    app: 'keeper',
    args: ['dist/main.js', command],
    variables: read('keeper', files, (path) => isLogger(path) || path === `${COMMANDS}${command}.config.ts`),
  };
}

const COMMANDS = 'apps/keeper/src/commands/config/';

function service(name: string, files: readonly ConfigFile[]): Program {
  const variables = read(name, files, (path) => isCommon(path) || path.startsWith(`apps/${name}/src/`));
  return { name, kind: 'service', app: name, args: ['dist/main.js'], variables };
}

function migration(name: string, files: readonly ConfigFile[]): Program {
  const variables = read(name, files, (path) => isLogger(path) || path.endsWith('/migrate.config.ts'));
  return { name: `${name}-migrate`, kind: 'migration', app: name, args: ['dist/migrate.js'], variables };
}

function keeper(files: readonly ConfigFile[]): Program {
  const own = (path: string) => path.startsWith('apps/keeper/src/') && !path.startsWith(COMMANDS);
  const variables = read('keeper', files, (path) => isCommon(path) || own(path));
  return { name: 'keeper', kind: 'keeper', app: 'keeper', args: ['dist/main.js', 'run'], variables };
}

/** Libraries that a service loads; the others are programs of their own, or for development. */
const LOADED = /^libs\/(messaging|outbox|persistence|service|streams|telemetry)\//;

/** What every program that runs until it is stopped reads: HTTP, database, broker, telemetry. */
function isCommon(path: string): boolean {
  return LOADED.test(path) && !path.endsWith('/migrate.config.ts');
}

function isLogger(path: string): boolean {
  return path.endsWith('/logger.config.ts');
}

/** Describes what a program reads. Of several declarations of a name, one that demands it counts. */
function read(
  program: string,
  files: readonly ConfigFile[],
  reads: (path: string) => boolean,
): readonly VariableDescription[] {
  const found = new Map<string, VariableDescription>();
  for (const { path, declarations } of files.toSorted(librariesFirst)) {
    if (!reads(path)) continue;
    const described = declarations.flatMap((declaration) =>
      describeVariables(typeof declaration === 'function' ? declaration(program) : declaration),
    );
    for (const variable of described) {
      if (!found.has(variable.name) || (variable.required && !found.get(variable.name)?.required))
        found.set(variable.name, variable);
    }
  }
  return [...found.values()];
}

function librariesFirst(one: ConfigFile, other: ConfigFile): number {
  return Number(other.path.startsWith('libs/')) - Number(one.path.startsWith('libs/'));
}
