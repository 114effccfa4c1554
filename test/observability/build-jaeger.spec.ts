import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from './support/observed-stack.js';

const MODULE = join('deploy', 'embedded', 'jaeger');
/** A compiler that writes what it is asked for, and the number of its calls. */
const BUILDS = 'echo called >> calls; while [ "$1" != -o ]; do shift; done; echo jaeger > "$2"';
const BREAKS = 'echo github.com/a/b >&2; echo "b.go:1:2: undefined: c" >&2; exit 1';

describe('npm run jaeger', () => {
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'millrace-jaeger-'));
    mkdirSync(join(checkout, 'bin'));
    for (const part of [MODULE, join('scripts', 'jaeger.mjs')]) {
      cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
    }
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  const pretendGo = (script: string) =>
    writeFileSync(join(checkout, 'bin', 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const run = (path = `${join(checkout, 'bin')}:/usr/bin:/bin`) => {
    const program = [join(checkout, 'scripts', 'jaeger.mjs')];
    return spawnSync(process.execPath, program, { encoding: 'utf8', env: { PATH: path } });
  };
  const calls = () => existsSync(join(checkout, MODULE, 'calls'));

  it('says in one sentence what to do when Go is missing', () => {
    const { status, stderr } = run(join(checkout, 'bin'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Jaeger is built with Go, and there is none here: install Go 1\.24 or newer .*\n$/,
    );
  });

  it('builds once, and again only when the module has changed', () => {
    pretendGo(BUILDS);
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringMatching(/Jaeger is built/) });
    rmSync(join(checkout, MODULE, 'calls'));
    expect(run()).toMatchObject({ status: 0, stdout: 'Jaeger is there: .millrace/bin/jaeger\n' });
    expect(calls()).toBe(false);
    appendFileSync(join(checkout, MODULE, 'go.sum'), '\n');
    expect(run().status).toBe(0);
    expect(calls()).toBe(true);
  });

  it('repeats what the compiler said, and leaves nothing that looks built', () => {
    pretendGo(BREAKS);
    const { status, stderr } = run();
    expect([status, stderr.split('\n')[0]]).toEqual([1, 'b.go:1:2: undefined: c']);
    expect(existsSync(join(checkout, '.millrace', 'bin', 'jaeger'))).toBe(false);
  });
});
