import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { ManagedProcess } from './managed-process.js';
import { ProcessLedger } from '../guard/process-ledger.js';
import type { ProcessSpec } from './process-spec.js';
import { testDirectory } from './test-directory.fixture.js';

const LIVES = 'setInterval(() => 0, 1000);';

describe('a managed process', () => {
  let directory: ReturnType<typeof testDirectory>;
  let managed: ManagedProcess | undefined;
  let book: string[];

  beforeEach(() => {
    directory = testDirectory();
    book = [];
  });

  afterEach(async () => {
    await managed?.stop();
    managed = undefined;
    directory.remove();
  });

  const readyFile = () => join(directory.path, 'ready');
  /** A program that does what the script says, and then says that it is ready by making a file. */
  const manage = (script: string, changes: Partial<ProcessSpec> = {}): ManagedProcess => {
    const program = `${script}; require('node:fs').writeFileSync(${JSON.stringify(readyFile())}, '');`;
    const keeper = {
      add: (pid: number) => book.push(`+${pid}`),
      remove: (pid: number) => book.push(`-${pid}`),
    };
    managed = new ManagedProcess(
      {
        name: 'dummy',
        launch: () => {
          rmSync(readyFile(), { force: true });
          return { file: process.execPath, args: ['-e', program], env: {}, cwd: '/' };
        },
        probe: () => Promise.resolve(existsSync(readyFile())),
        stopSteps: [{ signal: 'SIGTERM', graceMs: 10_000 }],
        logFile: join(directory.path, 'dummy.log'),
        readyWithinMs: 60_000,
        ...changes,
      },
      new ProcessLedger(keeper, { add: () => undefined, remove: () => undefined }),
      () => undefined,
    );
    return managed;
  };
  const pidAfter = (other: number | undefined): Promise<number> =>
    eventually(() => {
      const pid = managed?.pid;
      if (pid === undefined || pid === other) throw new Error('no new process yet');
      return pid;
    });

  it('is started again when it dies unasked', async () => {
    const dummy = manage(LIVES);
    await dummy.start();
    const first = dummy.pid;
    await dummy.kill('SIGKILL');
    const second = await pidAfter(first);
    await dummy.ready();
    expect(book).toEqual([`+${first}`, `-${first}`, `+${second}`]);
  });

  it('stays down after a stop until it is started', async () => {
    const dummy = manage(LIVES);
    await dummy.start();
    const first = dummy.pid;
    await dummy.stop();
    expect(dummy.pid).toBeUndefined();
    await expect(dummy.ready()).rejects.toMatchObject({ code: 'PROCESS' });
    await dummy.start();
    expect(dummy.pid).not.toBe(first);
  });

  it('is killed when it does not heed its stop signal in time', async () => {
    const dummy = manage(`process.on('SIGTERM', () => console.log('no')); ${LIVES}`, {
      stopSteps: [{ signal: 'SIGTERM', graceMs: 3_000 }],
    });
    await dummy.start();
    const { pid } = dummy;
    await dummy.stop();
    expect(dummy.pid).toBeUndefined();
    expect(book).toEqual([`+${pid}`, `-${pid}`]);
    expect(readFileSync(dummy.spec.logFile, 'utf8')).toBe('no\n');
  });

  it('that dies before it is ready fails its start with its last words', async () => {
    const dummy = manage(`console.error('no room left'); process.exit(3);`, {
      probe: () => Promise.resolve(false),
    });
    await expect(dummy.start(2)).rejects.toMatchObject({
      code: 'START',
      message: expect.stringContaining('dummy ended before it was ready'),
      details: ['no room left', 'no room left'],
    });
  });

  it('that is never ready fails its start with what the probe said', async () => {
    const dummy = manage(LIVES, { probe: () => Promise.reject(new Error('still cold')), readyWithinMs: 200 });
    await expect(dummy.start()).rejects.toMatchObject({
      code: 'START',
      message: expect.stringContaining('not ready within 0.2 s (still cold)'),
    });
  });

  it('whose program does not exist fails its start', async () => {
    const dummy = manage(LIVES, {
      launch: () => ({ file: '/nowhere/program', args: [], env: {}, cwd: '/' }),
    });
    await expect(dummy.start(1)).rejects.toMatchObject({ code: 'START' });
  });
});
