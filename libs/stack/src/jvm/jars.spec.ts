import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProcessLedger } from '../guard/process-ledger.js';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { jarFolder, STACK_JARS } from './jars.js';

const silent = { add: () => undefined, remove: () => undefined };
const BRINGS_A_JAR =
  'for a in "$@"; do case "$a" in -DoutputDirectory=*) touch "${a#*=}/kafka.jar";; esac; done';

describe('the jars', () => {
  let directory: ReturnType<typeof testDirectory>;
  const path = process.env['PATH'];

  beforeEach(() => {
    directory = testDirectory();
    mkdirSync(join(directory.path, 'bin'));
    mkdirSync(join(directory.path, 'deploy', 'embedded'), { recursive: true });
    process.env['PATH'] = `${join(directory.path, 'bin')}:${path}`;
    writePom('one');
  });
  afterEach(() => {
    process.env['PATH'] = path;
    directory.remove();
  });

  const writePom = (text: string) =>
    writeFileSync(join(directory.path, 'deploy', 'embedded', 'pom.xml'), text);
  const pretendMaven = (script: string) =>
    writeFileSync(join(directory.path, 'bin', 'mvn'), `#!/bin/sh\n[ "$1" = -v ] && exit 0\n${script}\n`, {
      mode: 0o755,
    });
  const resolve = () =>
    jarFolder(
      STACK_JARS,
      { root: directory.path, logFile: join(directory.path, 'maven.log'), onProgress: () => undefined },
      new ProcessLedger(silent, silent),
    );

  it('are fetched once for a pom', async () => {
    pretendMaven(BRINGS_A_JAR);
    const folder = await resolve();
    expect(readdirSync(folder)).toEqual(['kafka.jar']);
    pretendMaven('exit 1');
    expect(await resolve()).toBe(folder);
    writePom('two');
    pretendMaven(BRINGS_A_JAR);
    expect(await resolve()).not.toBe(folder);
  });

  it('that cannot be had are reported in one sentence with what Maven said, and leave nothing half done', async () => {
    pretendMaven(`${BRINGS_A_JAR}\necho 'Could not find artifact'; exit 1`);
    await expect(resolve()).rejects.toMatchObject({
      code: 'JARS',
      message: expect.stringMatching(
        /^Maven could not fetch the jars of Kafka and Debezium: check the network/,
      ),
      details: ['Could not find artifact'],
    });
    expect(readdirSync(join(directory.path, '.millrace', 'jars'))).toEqual([]);
    pretendMaven(BRINGS_A_JAR);
    expect(existsSync(join(await resolve(), 'kafka.jar'))).toBe(true);
  });

  it('survive two starts that fetch at once', async () => {
    pretendMaven(`sleep 0.2\n${BRINGS_A_JAR}`);
    const [first, second] = await Promise.all([resolve(), resolve()]);
    expect(first).toBe(second);
    expect(readdirSync(first)).toEqual(['kafka.jar']);
  });
});
