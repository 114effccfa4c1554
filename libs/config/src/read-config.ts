import { cleanEnv, EnvMissingError, type CleanedEnv } from 'envalid';
import { ConfigError } from './config.error.js';
import { withFiles } from './file-variables.js';

type Specifications = Parameters<typeof cleanEnv>[1];

/** Configuration read with `readConfig`: typed, complete and frozen. */
export type ConfigOf<Specs extends object> = CleanedEnv<Specs>;

/**
 * Reads and checks the environment against declared variables; nothing else in the repository reads it. An empty
 * variable counts as one that is not set, and every variable may also be given as a file that `<NAME>_FILE` names.
 * Throws `ConfigError` naming every variable that is missing or malformed, each with its description.
 */
export function readConfig<Specs extends Specifications & object>(
  specs: Specs,
  environment: NodeJS.ProcessEnv = process.env,
): ConfigOf<Specs> {
  const filled = withFiles(Object.keys(specs), environment);
  if (filled.problems.length > 0) throw new ConfigError(filled.problems);
  const given = Object.fromEntries(Object.entries(filled.environment).filter(([, value]) => value !== ''));
  return cleanEnv(given, specs, {
    reporter: ({ errors }) => {
      const problems = Object.entries(errors as Record<string, Error | undefined>)
        .filter((entry): entry is [string, Error] => entry[1] !== undefined)
        .map(([name, error]) => `${name}: ${problemOf(error)}${hintOf(specs, name)}`);
      if (problems.length > 0) throw new ConfigError(problems);
    },
  });
}

/** A missing variable's error repeats the description, which the hint gives anyway. */
function problemOf(error: Error): string {
  return error instanceof EnvMissingError ? 'is not set' : error.message;
}

function hintOf(specs: object, name: string): string {
  const spec = (specs as Record<string, { desc?: string; example?: string } | undefined>)[name];
  const example = spec?.example ? `, for example ${spec.example}` : '';
  return spec?.desc ? ` (${spec.desc}${example})` : '';
}
