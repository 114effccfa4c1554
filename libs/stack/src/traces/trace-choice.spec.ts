import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { chooseTraces } from './trace-choice.js';

const JAEGER = `echo '{"gitCommit":"","gitVersion":"v2.13.0","buildDate":""}'`;
const AN_ENGINE_WITHOUT_THE_IMAGE = '[ "$1" = version ]';
const AN_ENGINE_THAT_PULLS = '[ "$1" = version ] || [ "$1" = pull ]';

describe('where traces go', () => {
  let machine: ReturnType<typeof testDirectory>;
  let said: string[];

  beforeEach(() => {
    machine = testDirectory();
    said = [];
  });
  afterEach(() => machine.remove());

  /** Puts a program into a folder of the machine. */
  const install = (folder: string, name: string, script: string): string => {
    const path = join(machine.path, folder, name);
    mkdirSync(join(machine.path, folder), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  };
  const choose = (environment: NodeJS.ProcessEnv = {}) =>
    chooseTraces({
      root: machine.path,
      environment: { PATH: join(machine.path, 'bin'), ...environment },
      say: (sentence) => said.push(sentence),
    });

  it('is the receiver that the environment names, before any Jaeger', async () => {
    install('bin', 'jaeger', JAEGER);
    expect(await choose({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toEqual({
      kind: 'given',
      url: 'http://collector:4318',
    });
    expect(
      await choose({
        OTEL_TRACES_EXPORTER: 'zipkin',
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'http://z:9411/api/v2/spans',
      }),
    ).toEqual({ kind: 'given', url: 'http://z:9411' });
    expect(await choose({ OTEL_TRACES_EXPORTER: 'none' })).toEqual({ kind: 'given', url: null });
  });

  it('is the Jaeger of JAEGER_BINARY, then of PATH, then the one built here', async () => {
    const built = install('.millrace/bin', 'jaeger', JAEGER);
    expect(await choose()).toEqual({ kind: 'jaeger', program: built });
    const onPath = install('bin', 'jaeger', JAEGER);
    expect(await choose()).toEqual({ kind: 'jaeger', program: onPath });
    const named = install('elsewhere', 'my-jaeger', JAEGER);
    expect(await choose({ JAEGER_BINARY: named })).toEqual({ kind: 'jaeger', program: named });
  });

  it('is no program that only has the name, and a wrong JAEGER_BINARY is refused', async () => {
    const other = install('bin', 'jaeger', 'echo "jaeger 1.11.1, the CAN bus controller"');
    expect(await choose()).toEqual({ kind: 'zipkin' });
    await expect(choose({ JAEGER_BINARY: other })).rejects.toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(/no Jaeger 2 that runs: point it at one, or unset it/),
    });
  });

  it('is Jaeger’s image where an engine has it or pulls it, which is said', async () => {
    install('bin', 'docker', 'exit 0');
    expect(await choose()).toEqual({ kind: 'image' });
    expect(said).toEqual([]);
    install('bin', 'docker', AN_ENGINE_THAT_PULLS);
    expect(await choose()).toEqual({ kind: 'image' });
    expect(said).toEqual([expect.stringMatching(/^pulling the image .*jaeger:/)]);
  });

  it('is Zipkin without an engine, and where the image cannot be had', async () => {
    expect(await choose()).toEqual({ kind: 'zipkin' });
    install('bin', 'docker', 'exit 1');
    expect(await choose()).toEqual({ kind: 'zipkin' });
    install('bin', 'docker', AN_ENGINE_WITHOUT_THE_IMAGE);
    expect(await choose()).toEqual({ kind: 'zipkin' });
  });
});
