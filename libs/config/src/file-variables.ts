import { readFileSync } from 'node:fs';

/** The environment with what its `…_FILE` variables name filled in, and what kept one of them from being read. */
export interface FilledEnvironment {
  readonly environment: NodeJS.ProcessEnv;
  readonly problems: readonly string[];
}

/**
 * Fills in the variables that the environment gives as a file: `NAME_FILE` names a file that holds the value of
 * `NAME`, as Docker and Kubernetes mount secrets. One line break at the end of the file is not part of the value.
 */
export function withFiles(names: readonly string[], environment: NodeJS.ProcessEnv): FilledEnvironment {
  const filled = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const variable = `${name}_FILE`;
    const path = environment[variable];
    if (!path || names.includes(variable)) continue;
    if (environment[name] !== undefined) problems.push(`${name}: is set, and so is ${variable}: unset one`);
    else filled[name] = contentOf(path, variable, problems);
  }
  return { environment: filled, problems };
}

function contentOf(path: string, variable: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`${variable}: the file ${path} cannot be read (${code ?? 'unknown error'})`);
    return undefined;
  }
}
