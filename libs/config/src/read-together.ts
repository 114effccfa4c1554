import { ConfigError } from './config.error.js';

/** Runs several readers; throws one `ConfigError` with the problems of all of them. */
export function readTogether<Parts extends object>(readers: {
  readonly [Name in keyof Parts]: () => Parts[Name];
}): Parts {
  const problems: string[] = [];
  const parts: Partial<Parts> = {};
  for (const name of Object.keys(readers) as (keyof Parts)[]) {
    try {
      parts[name] = readers[name]();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return parts as Parts;
}
