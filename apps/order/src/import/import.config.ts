import { milliseconds, positiveInteger, readConfig } from '@millrace/config';

/** Variables of imports. */
export const importVariables = {
  IMPORT_IDLE_MS: milliseconds({
    default: 30_000,
    desc: 'silence after which the sender of an import is cut off, in milliseconds',
  }),
  IMPORTS_AT_ONCE: positiveInteger({
    default: 3,
    desc: 'imports that run at the same time in one process; each takes two connections of the pool',
  }),
};

/** What imports read from the environment. */
export class ImportConfig {
  constructor(
    /** Silence after which a sender is cut off, milliseconds. */
    readonly idleMs: number,
    /** Imports that run at the same time in this process. */
    readonly atOnce: number,
  ) {}
}

/** Reads the configuration; throws `ConfigError` naming what is malformed. */
export function readImportConfig(environment?: NodeJS.ProcessEnv): ImportConfig {
  const config = readConfig(importVariables, environment);
  return new ImportConfig(config.IMPORT_IDLE_MS, config.IMPORTS_AT_ONCE);
}
