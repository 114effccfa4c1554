import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Guardian } from '../guard/guardian.js';
import { freshLog } from '../processes/log-file.js';
import { ProcessLedger } from '../guard/process-ledger.js';
import { RunFile } from '../guard/run-file.js';
import { Supervisor } from '../processes/supervisor.js';
import { Steps } from './steps.js';
import type { CompleteOptions } from './stack-options.js';

const STOP_ORDER = [['keeper'], ['connect'], ['kafka', 'postgres', 'jaeger', 'zipkin']] as const;

/** Files that say where the stack is: gone as soon as it is, also after a crash. */
const ANNOUNCEMENTS = ['stack.json', 'targets.json'] as const;

/** The directory of a stack while it is ours, and everything that runs in it. */
export class StackSession {
  readonly ledger: ProcessLedger;
  readonly supervisor: Supervisor;
  readonly steps: Steps;
  /** Called whenever a process comes or goes. */
  onChange: () => void = () => undefined;
  readonly #closers: (() => Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  private constructor(
    readonly directory: string,
    private readonly runFile: RunFile,
    private readonly guardian: Guardian,
    report: (step: string) => void,
  ) {
    this.ledger = new ProcessLedger(guardian, runFile);
    this.supervisor = new Supervisor(this.ledger, () => this.onChange());
    this.steps = new Steps(report);
  }

  /** Takes the directory; throws `StackError` LOCKED when another stack runs in it. */
  static async open(options: CompleteOptions): Promise<StackSession> {
    const { directory } = options;
    mkdirSync(join(directory, 'logs'), { recursive: true });
    const runFile = await RunFile.claim(directory);
    if (options.fresh) rmSync(join(directory, 'data'), { recursive: true, force: true });
    mkdirSync(join(directory, 'data'), { recursive: true });
    const guardian = new Guardian();
    for (const name of ANNOUNCEMENTS) guardian.addFile(join(directory, name));
    const session = new StackSession(directory, runFile, guardian, options.onProgress);
    options.signal?.addEventListener('abort', () => void session.close(), { once: true });
    if (options.signal?.aborted) session.ledger.close();
    return session;
  }

  /** Whether everything is being stopped. */
  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** A path below the data folder. */
  data(...names: readonly string[]): string {
    return join(this.directory, 'data', ...names);
  }

  /** A new log file for a program of this run. */
  log(name: string): string {
    return freshLog(join(this.directory, 'logs'), name);
  }

  /** Names something that must be closed after the processes ended. */
  atClose(closer: () => Promise<void>): void {
    this.#closers.push(closer);
  }

  /** Stops everything in order and gives the directory free; later calls wait for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.onChange = () => undefined;
    this.ledger.close();
    for (const name of ANNOUNCEMENTS) rmSync(join(this.directory, name), { force: true });
    await this.supervisor.stopAll(STOP_ORDER);
    await this.ledger.endAll();
    for (const closer of this.#closers) await closer();
    this.runFile.release();
    await this.guardian.dismiss();
  }
}
