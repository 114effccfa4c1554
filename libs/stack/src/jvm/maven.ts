import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../processes/inherited-environment.js';
import { StackError } from '../stack.error.js';

const run = promisify(execFile);

/** Throws `StackError` MAVEN unless Apache Maven can be run; `what` is to be fetched with it. */
export async function assertMaven(what: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  try {
    await run('mvn', ['-v'], { env: inheritedEnvironment(environment, ['M2_HOME', 'MAVEN_']) });
  } catch {
    throw new StackError(
      'MAVEN',
      `Apache Maven is needed once, to fetch ${what}: install it (for example the package maven of your system) so that \`mvn -v\` answers, and run the command again.`,
    );
  }
}
