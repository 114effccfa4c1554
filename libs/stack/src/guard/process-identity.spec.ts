import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { commandOf, identify, isAlive, parentOf } from './process-identity.js';

describe('the identity of a process', () => {
  it('stays the same while the process lives', () => {
    const first = identify(process.pid);
    expect(first).toBeDefined();
    expect(identify(process.pid)).toEqual(first);
    expect(first && isAlive(first)).toBe(true);
  });

  it('is gone with the process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    const identity = identify(child.pid ?? 0);
    expect(identity).toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identity && isAlive(identity)).toBe(false);
    expect(identify(child.pid ?? 0)).toBeUndefined();
  });

  it('is not taken over by a process that got the same pid', () => {
    expect(isAlive({ pid: process.pid, startedAt: 'another moment' })).toBe(false);
  });

  it('comes with the parent and the command line', () => {
    expect(parentOf(process.pid)).toBe(process.ppid);
    expect(commandOf(process.pid)).toContain('node');
    expect(commandOf(2 ** 30)).toBe('');
  });
});
