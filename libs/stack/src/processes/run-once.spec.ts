import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProcessLedger } from '../guard/process-ledger.js';
import { runOnce } from './run-once.js';
import { testDirectory } from './test-directory.fixture.js';

const silent = { add: () => undefined, remove: () => undefined };

describe('a program that runs once', () => {
  let directory: ReturnType<typeof testDirectory>;
  let ledger: ProcessLedger;

  beforeEach(() => {
    directory = testDirectory();
    ledger = new ProcessLedger(silent, silent);
  });
  afterEach(() => directory.remove());

  const run = (script: string, withinMs = 20_000) =>
    runOnce(
      {
        name: 'dummy',
        launch: { file: process.execPath, args: ['-e', script], env: {}, cwd: '/' },
        logFile: join(directory.path, 'dummy.log'),
        withinMs,
      },
      ledger,
    );

  it('resolves when it ends well', async () => {
    await expect(run('process.exit(0)')).resolves.toBeUndefined();
  });

  it('rejects with its last words when it does not', async () => {
    await expect(run(`console.log('first'); console.log('last'); process.exit(4)`)).rejects.toMatchObject({
      code: 'START',
      message: expect.stringContaining('dummy failed (ended with code 4)'),
      details: ['first', 'last'],
    });
  });

  it('is killed when it takes too long', async () => {
    await expect(run('setInterval(() => 0, 1000)', 100)).rejects.toMatchObject({
      message: expect.stringContaining('SIGKILL'),
    });
  });

  it('is not started any more once the stack is stopping', async () => {
    ledger.close();
    await expect(run('process.exit(0)')).rejects.toMatchObject({ code: 'PROCESS' });
  });
});
