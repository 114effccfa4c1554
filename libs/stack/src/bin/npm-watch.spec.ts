import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { signalProcess } from '../guard/end-processes.js';

const PROGRAM = fileURLToPath(new URL('./npm-watch.fixture.ts', import.meta.url));
const HOOKS = new URL('../../../testing/src/typescript-hooks.mjs', import.meta.url).href;
const BY_NPM = { npm_config_user_agent: 'npm/11.0.0 node/v24.0.0', npm_lifecycle_event: 'start' };

describe('the watch over npm', () => {
  let npm: ChildProcess | undefined;
  let output = '';

  afterEach(() => {
    // The program shares the group of its stand-in for npm.
    if (npm?.pid) signalProcess(-npm.pid, 'SIGKILL');
  });

  /** npm → shell → program, as npm does it; npm gives its process that name. */
  const run = async (environment: Record<string, string>) => {
    output = '';
    const command = `'${process.execPath}' --no-warnings --import='${HOOKS}' '${PROGRAM}'; exit`;
    const script = `process.title = 'npm start'; require('node:child_process').spawn('sh', ['-c', process.argv[1]], { stdio: 'inherit' });`;
    npm = spawn(process.execPath, ['-e', script, command], {
      detached: true,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    npm.stdout?.on('data', (text) => (output += String(text)));
    await eventually(() => expect(output).toContain('watching'));
  };

  it('notices that npm was killed although the shell between them lives', async () => {
    await run(BY_NPM);
    npm?.kill('SIGKILL');
    await eventually(() => expect(output).toContain('gone'));
  });

  it('does not mind the end of npm when npm runs another script', async () => {
    await run({ ...BY_NPM, npm_lifecycle_event: 'test' });
    npm?.kill('SIGKILL');
    if (npm) await once(npm, 'exit');
    const ticks = () => output.split('tick').length;
    const before = ticks();
    await eventually(() => expect(ticks()).toBeGreaterThan(before + 1));
    expect(output).not.toContain('gone');
  });
});
