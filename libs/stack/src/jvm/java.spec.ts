import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { findJava, javaVersion } from './java.js';
import { assertMaven } from './maven.js';

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16', 25],
    ['java version "1.8.0_402"', 8],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.2" 2024-01-16', 21],
    ['command not found', undefined],
  ])('in %j is %s', (output, version) => {
    expect(javaVersion(output)).toBe(version);
  });
});

describe('looking for programs', () => {
  let directory: ReturnType<typeof testDirectory>;

  beforeEach(() => {
    directory = testDirectory();
    mkdirSync(join(directory.path, 'bin'));
  });
  afterEach(() => directory.remove());

  const pretend = (name: string, script: string) =>
    writeFileSync(join(directory.path, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const path = () => ({ PATH: join(directory.path, 'bin') });

  it('finds Java by JAVA_HOME, else on PATH', async () => {
    pretend('java', `echo 'openjdk version "21.0.1"' >&2`);
    expect(await findJava({ JAVA_HOME: directory.path })).toEqual({
      command: join(directory.path, 'bin', 'java'),
      version: 21,
    });
    expect(await findJava(path())).toEqual({ command: 'java', version: 21 });
  });

  it('says in one sentence that Java is missing, and where it looked', async () => {
    await expect(findJava(path())).rejects.toMatchObject({
      code: 'JAVA',
      message: expect.stringMatching(/^Kafka needs Java, and PATH has none that runs: install .*version 17/),
    });
    await expect(findJava({ JAVA_HOME: '/nowhere' })).rejects.toThrow('JAVA_HOME (/nowhere)');
  });

  it('says in one sentence that Java is too old', async () => {
    pretend('java', `echo 'openjdk version "11.0.22"' >&2`);
    await expect(findJava(path())).rejects.toThrow(
      /The Java of PATH is version 11, too old for Kafka: install/,
    );
  });

  it('says in one sentence that Maven is missing', async () => {
    await expect(assertMaven('Kafka', path())).rejects.toMatchObject({
      code: 'MAVEN',
      message: expect.stringMatching(/Apache Maven is needed once.*`mvn -v`/),
    });
    pretend('mvn', 'exit 0');
    await expect(assertMaven('Kafka', path())).resolves.toBeUndefined();
  });
});
