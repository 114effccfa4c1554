import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack.error.js';

const run = promisify(execFile);
const LEAST_VERSION = 17;

/** A Java that can run the stack. */
export interface Java {
  /** Program to start: a path, or `java` for the one on PATH. */
  readonly command: string;
  readonly version: number;
}

/** Finds Java by JAVA_HOME, else on PATH; throws `StackError` JAVA when it is missing or older than 17. */
export async function findJava(environment: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = environment['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  const where = home ? `JAVA_HOME (${home})` : 'PATH';
  const advice = `install a Java runtime of at least version ${LEAST_VERSION} (for example the package openjdk-17-jre-headless) or point JAVA_HOME at one.`;
  let output: string;
  try {
    output = (await run(command, ['-version'], { env: environment })).stderr;
  } catch {
    throw new StackError('JAVA', `Kafka needs Java, and ${where} has none that runs: ${advice}`);
  }
  const version = javaVersion(output);
  if (version === undefined || version < LEAST_VERSION) {
    const found = version === undefined ? 'of an unknown version' : `version ${version}`;
    throw new StackError('JAVA', `The Java of ${where} is ${found}, too old for Kafka: ${advice}`);
  }
  return { command, version };
}

/** Major version in what `java -version` prints (`"1.8.0_402"` is 8, `"17.0.15"` is 17); undefined when there is none. */
export function javaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : undefined;
}
