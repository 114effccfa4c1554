import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readJson, writeJson } from './json-file.js';
import { identify, isAlive } from './process-identity.js';
import { isOwned, RunFile } from './run-file.js';
import { testDirectory } from '../processes/test-directory.fixture.js';

describe('the run file', () => {
  let directory: ReturnType<typeof testDirectory>;
  let child: ChildProcess;

  beforeEach(() => {
    directory = testDirectory();
    child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  });

  afterEach(() => {
    child.kill('SIGKILL');
    directory.remove();
  });

  const childIdentity = () => {
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error('the child has not started');
    return identity;
  };
  const deadOwner = { pid: process.pid, startedAt: 'before this process' };

  it('lets one owner have a directory and refuses the second in one sentence', async () => {
    const first = await RunFile.claim(directory.path);
    expect(isOwned(directory.path)).toBe(true);
    await expect(RunFile.claim(directory.path)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(/already runs in .* \(process \d+\): use it, stop it/),
    });
    first.release();
    expect(isOwned(directory.path)).toBe(false);
  });

  it('ends what a dead owner left running and takes the directory over', async () => {
    const orphan = childIdentity();
    const path = join(directory.path, 'run.json');
    writeJson(path, { owner: deadOwner, processes: [{ ...orphan, signal: 'SIGTERM' }] });
    const file = await RunFile.claim(directory.path);
    expect(isAlive(orphan)).toBe(false);
    expect(readJson(path)).toEqual({ owner: identify(process.pid), processes: [] });
    file.release();
    expect(existsSync(path)).toBe(false);
  });

  it('leaves a stranger alone that got the pid of a process of the dead owner', async () => {
    const stranger = childIdentity();
    const processes = [{ pid: stranger.pid, startedAt: 'long ago', signal: 'SIGKILL' }];
    writeJson(join(directory.path, 'run.json'), { owner: deadOwner, processes });
    const file = await RunFile.claim(directory.path);
    expect(isAlive(stranger)).toBe(true);
    file.release();
  });

  it('follows the processes that come and go', async () => {
    const file = await RunFile.claim(directory.path);
    const { pid } = childIdentity();
    file.add(pid, 'SIGINT');
    expect(readJson(join(directory.path, 'run.json'))).toMatchObject({
      processes: [{ pid, signal: 'SIGINT' }],
    });
    file.remove(pid);
    expect(readJson(join(directory.path, 'run.json'))).toMatchObject({ processes: [] });
    file.release();
  });
});
