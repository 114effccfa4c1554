import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench.error.js';
import type { Contestant } from './contestant.js';

const HOOKS = new URL('../../../libs/testing/src/typescript-hooks.mjs', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PATIENCE_MS = 30_000;
const SHOWN_LINES = 20;

/** A program of the benchmarks that runs beside them until it is stopped: a service of a peer, a source of load. */
export class Companion {
  private errors = '';
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly program: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'exit');
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.errors += chunk));
  }

  /** Starts the program with its task; resolves when it is ready, rejects with `BenchError` CONTESTANT if it never is. */
  static async start({ program, nodeOptions = [] }: Contestant, task: object): Promise<Companion> {
    const file = fileURLToPath(program);
    const child = spawn(process.execPath, [...nodeOptions, '--no-warnings', `--import=${HOOKS}`, file], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn' },
    });
    const companion = new Companion(file.slice(ROOT.length), child);
    try {
      await companion.ask(task);
    } catch (error) {
      await companion.stop();
      throw error;
    }
    return companion;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks one thing at a time; rejects with `BenchError` CONTESTANT when there is no answer within 30 s. */
  async ask<Answer>(question: object): Promise<Answer> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE_MS);
    try {
      const answered = once(this.child, 'message', { signal: late.signal }) as Promise<[{ answer: Answer }]>;
      if (this.child.connected) this.child.send(question);
      const first = await Promise.race([answered, this.ended.then(() => undefined)]);
      if (first) return first[0].answer;
      throw new Error('it has ended');
    } catch (error) {
      const lines = this.errors.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
      throw new BenchError('CONTESTANT', `${this.program} does not answer (${String(error)}):\n${lines}`);
    } finally {
      clearTimeout(timer);
      late.abort();
    }
  }

  /** Ends the program gracefully, or not after 30 s. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    this.child.kill('SIGTERM');
    await this.ended;
    clearTimeout(timer);
  }
}
