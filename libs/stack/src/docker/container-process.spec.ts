import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { containerProcess } from './container-process.js';
import { engineVersion, ensureImage } from './docker-engine.js';

const spec = {
  stack: 'millrace-test',
  name: 'postgres',
  image: 'postgres:18',
  ports: { 5432: 21_000 },
  keeps: '/var/lib/postgresql',
  environment: { POSTGRES_PASSWORD: 'hush' },
  args: ['postgres', '-c', 'jit=off'],
  probe: async () => true,
  stopSteps: [],
  logFile: '/tmp/log',
  readyWithinMs: 1,
};

/** A docker command that does what a shell script says, first on PATH. */
describe('with an engine that', () => {
  const path = process.env['PATH'];
  let folder: string;
  const engine = (script: string) => {
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'docker'), 0o755);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docker-'));
    process.env['PATH'] = `${folder}${delimiter}${path ?? ''}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  it('answers, a container is run in the foreground, on this machine alone, its secrets unseen', async () => {
    engine('exit 0');
    const { file, args, env } = await containerProcess(spec).launch();
    expect([file, ...args].join(' ')).toBe(
      'docker run --rm --name millrace-test-postgres --label millrace.stack=millrace-test ' +
        '--network millrace-test --network-alias postgres --publish 127.0.0.1:21000:5432 ' +
        '--volume millrace-test-postgres:/var/lib/postgresql --env POSTGRES_PASSWORD postgres:18 postgres -c jit=off',
    );
    expect(env['POSTGRES_PASSWORD']).toBe('hush');
  });

  it('is silent, the stack says what to do', async () => {
    engine('echo Cannot connect to the Docker daemon >&2; exit 1');
    await expect(engineVersion()).rejects.toMatchObject({
      code: 'DOCKER',
      message: 'No Docker engine answers: start it, or use --stack embedded, which needs only Java.',
      details: [expect.stringContaining('Cannot connect to the Docker daemon')],
    });
  });

  it('cannot pull an image, the stack names it', async () => {
    engine('exit 1');
    await expect(ensureImage('postgres:18')).rejects.toThrow(
      'The image postgres:18 cannot be pulled: check the network and start again.',
    );
  });
});
