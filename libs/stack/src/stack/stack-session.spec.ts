import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnProgram, type SpawnedProgram } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { readJson } from '../guard/json-file.js';
import { commandOf, identify, parentOf } from '../guard/process-identity.js';
import { testDirectory } from '../processes/test-directory.fixture.js';
import { until } from '../processes/until.js';
import { removeAbandonedStacks } from './abandoned-stacks.js';
import { completeStackOptions } from './stack-options.js';
import { StackSession } from './stack-session.js';

describe('a stack whose command is killed the hard way', () => {
  let directory: ReturnType<typeof testDirectory>;
  let stackFolder: string;
  let command: SpawnedProgram;
  let pids: number[];

  beforeEach(async () => {
    directory = testDirectory();
    stackFolder = join(directory.path, 'one');
    const program = new URL('./crash.fixture.ts', import.meta.url);
    command = spawnProgram(program, { PATH: process.env['PATH'] ?? '', STACK_DIRECTORY: stackFolder });
    await command.prints(/ready/);
    const state = readJson<{ processes: Record<string, number> }>(join(stackFolder, 'stack.json'));
    pids = Object.values(state?.processes ?? {});
    if (pids.length !== 2) throw new Error(`two dummies were to run, not ${pids.length}`);
  });

  afterEach(async () => {
    command.process.kill('SIGKILL');
    await until(() => living().length === 0, 15_000);
    directory.remove();
  });

  const living = () => pids.filter((pid) => identify(pid));
  const options = () => completeStackOptions({ root: directory.path, directory: stackFolder });

  it('is ended by its guardian, the stubborn process too, and its announcement is withdrawn', async () => {
    command.process.kill('SIGKILL');
    await eventually(() => expect(living()).toEqual([]), { withinMs: 10_000 });
    await eventually(() => expect(existsSync(join(stackFolder, 'stack.json'))).toBe(false));
  });

  it('and whose guardian is killed as well is cleaned up by the next start', async () => {
    const guardian = childrenOf(command.process.pid ?? 0).find((pid) => commandOf(pid).includes('guardian'));
    process.kill(guardian ?? 0, 'SIGSTOP');
    command.process.kill('SIGKILL');
    process.kill(guardian ?? 0, 'SIGKILL');
    await command.exit();
    expect(living()).toEqual(pids);
    const next = await StackSession.open(options());
    expect(living()).toEqual([]);
    await next.close();
  });

  it('leaves a folder that the next test run removes', async () => {
    command.process.kill('SIGKILL');
    await command.exit();
    await removeAbandonedStacks(directory.path);
    expect(existsSync(stackFolder)).toBe(false);
    expect(living()).toEqual([]);
  });

  it('keeps its directory while the command lives', async () => {
    await expect(StackSession.open(options())).rejects.toMatchObject({ code: 'LOCKED' });
    await removeAbandonedStacks(directory.path);
    expect(living()).toEqual(pids);
  });

  it('gets another guardian when the guardian dies', async () => {
    const isGuardian = (pid: number) => commandOf(pid).includes('guardian');
    const first = childrenOf(command.process.pid ?? 0).find(isGuardian);
    process.kill(first ?? 0, 'SIGKILL');
    await eventually(() => {
      const guardians = childrenOf(command.process.pid ?? 0).filter(isGuardian);
      expect(guardians).toHaveLength(1);
      expect(guardians).not.toContain(first);
    });
    command.process.kill('SIGKILL');
    await eventually(() => expect(living()).toEqual([]), { withinMs: 10_000 });
  });
});

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent && identify(pid));
}
