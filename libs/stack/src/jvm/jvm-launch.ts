import { join } from 'node:path';
import { inheritedEnvironment } from '../processes/inherited-environment.js';
import type { Launch } from '../processes/launch.js';

/** A Java program of the stack. */
export interface JvmProgram {
  /** Java's command. */
  readonly java: string;
  readonly jars: string;
  /** Folder of the checkout. */
  readonly root: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  /** Largest heap in MB. */
  readonly heapMb: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** How to start it: small heap, one collector thread (the machine is shared with the whole fleet), logs to its output. */
export function jvmLaunch(program: JvmProgram): Launch {
  const logging = join(program.root, 'deploy', 'embedded', 'log4j2.properties');
  return {
    file: program.java,
    args: [
      ...[
        `-Xmx${program.heapMb}m`,
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-XX:+ExitOnOutOfMemoryError',
      ],
      ...['-Djava.awt.headless=true', `-Dlog4j2.configurationFile=${logging}`],
      ...['-cp', join(program.jars, '*'), program.mainClass, ...program.args],
    ],
    env: { ...inheritedEnvironment(process.env), ...program.env },
    cwd: program.root,
  };
}

/** Text of a Java properties file. */
export function propertiesText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
