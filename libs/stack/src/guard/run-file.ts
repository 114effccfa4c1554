import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack.error.js';
import { endProcesses, type Endable } from './end-processes.js';
import { readJson, writeJson } from './json-file.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

interface Run {
  readonly owner: ProcessIdentity;
  readonly processes: readonly Endable[];
}

const FILE = 'run.json';

/**
 * The lock of a stack's directory and the list of what runs in it (`run.json`): one owner at a time,
 * and whatever a crashed owner left running is ended by the next one.
 */
export class RunFile {
  readonly #path: string;
  readonly #processes = new Map<number, Endable>();

  private constructor(
    directory: string,
    private readonly owner: ProcessIdentity,
  ) {
    this.#path = join(directory, FILE);
  }

  /** Takes the directory (which must exist); throws `StackError` LOCKED when a living process has it. */
  static async claim(directory: string): Promise<RunFile> {
    const owner = identify(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
    const file = new RunFile(directory, owner);
    while (!file.#tryLink()) await clearAbandoned(directory);
    return file;
  }

  /** Notes a process that must not outlive the owner. */
  add(pid: number, signal: NodeJS.Signals): void {
    const identity = identify(pid);
    if (!identity) return;
    this.#processes.set(pid, { ...identity, signal });
    this.#write();
  }

  /** Strikes a process out: it has ended. */
  remove(pid: number): void {
    if (this.#processes.delete(pid)) this.#write();
  }

  /** Gives the directory free. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  #tryLink(): boolean {
    const draft = `${this.#path}.${process.pid}.claim`;
    writeJson(draft, { owner: this.owner, processes: [] } satisfies Run);
    try {
      linkSync(draft, this.#path);
      return true;
    } catch (error) {
      if (existsSync(this.#path)) return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  #write(): void {
    writeJson(this.#path, { owner: this.owner, processes: [...this.#processes.values()] } satisfies Run);
  }
}

/** Whether a living process owns the directory. */
export function isOwned(directory: string): boolean {
  const run = readJson<Run>(join(directory, FILE));
  return run !== undefined && isAlive(run.owner);
}

/** Ends what a dead owner left running and drops its claim; throws `StackError` LOCKED when the owner lives. */
export async function clearAbandoned(directory: string): Promise<void> {
  const path = join(directory, FILE);
  const run = readJson<Run>(path);
  if (run && isAlive(run.owner)) {
    throw new StackError(
      'LOCKED',
      `A stack already runs in ${directory} (process ${run.owner.pid}): use it, stop it, or choose another folder with --dir.`,
    );
  }
  await endProcesses(run?.processes ?? [], 3_000);
  // Two starts may clear at once: the one whose rename finds the dead claim removes it, the other looks again.
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readJson<Run>(aside);
  if (moved && isAlive(moved.owner)) renameSync(aside, path);
  else rmSync(aside, { force: true });
}
