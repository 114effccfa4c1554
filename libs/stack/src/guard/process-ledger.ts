import { StackError } from '../stack.error.js';
import { type Endable, endProcesses } from './end-processes.js';
import type { Guardian } from './guardian.js';
import { identify } from './process-identity.js';
import type { RunFile } from './run-file.js';

const GRACE_MS = 3_000;

/**
 * Where every process that we start is written down before anything else happens to it: with the guardian (for
 * when we are killed) and in the run file (for when the guardian is killed as well).
 */
export class ProcessLedger {
  readonly #living = new Map<number, Endable>();
  #closed = false;

  constructor(
    private readonly guardian: Pick<Guardian, 'add' | 'remove'>,
    private readonly runFile: Pick<RunFile, 'add' | 'remove'>,
  ) {}

  /** Throws `StackError` PROCESS once the stack is stopping: nothing may be started any more. */
  assertOpen(): void {
    if (this.#closed)
      throw new StackError('PROCESS', 'The stack is stopping; start it again with npm start.');
  }

  /** Writes a process down, with the signal that asks it to end. */
  add(pid: number, signal: NodeJS.Signals): void {
    this.guardian.add(pid, signal);
    this.runFile.add(pid, signal);
    const identity = identify(pid);
    if (identity) this.#living.set(pid, { ...identity, signal });
  }

  /** Strikes out a process that has ended. */
  remove(pid: number): void {
    this.guardian.remove(pid);
    this.runFile.remove(pid);
    this.#living.delete(pid);
  }

  /** From now on nothing may start. */
  close(): void {
    this.#closed = true;
  }

  /** Ends whatever still lives. */
  async endAll(): Promise<void> {
    await endProcesses([...this.#living.values()], GRACE_MS);
  }
}
