import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench.error.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HOOKS = new URL('../../../libs/testing/src/typescript-hooks.mjs', import.meta.url).href;
const END_WITH_PARENT = new URL('./end-with-parent.mjs', import.meta.url).href;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const SHOWN_CHARACTERS = 4_000;

/** A server that is measured from outside. */
export interface ServerProgram {
  /** Built JavaScript, or TypeScript that is compiled as it loads. */
  readonly program: URL;
  readonly nodeOptions: readonly string[];
  /** Complete environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once the server is ready. */
  readonly probe: string;
}

/** A server in a process of its own, started for one run. */
export class ServerProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    const keep = (chunk: string) => (this.output = (this.output + chunk).slice(-SHOWN_CHARACTERS));
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
  }

  /** Starts it and waits until it is ready; throws `BenchError` CONTESTANT with its last words when it is not. */
  static async start({ program, nodeOptions, environment, probe }: ServerProgram): Promise<ServerProcess> {
    const file = fileURLToPath(program);
    const imports = [END_WITH_PARENT, ...(file.endsWith('.ts') ? [HOOKS] : [])];
    const child = spawn(
      process.execPath,
      [...nodeOptions, '--no-warnings', ...imports.map((url) => `--import=${url}`), file],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...environment } },
    );
    const server = new ServerProcess(child, file.slice(ROOT.length));
    try {
      await server.ready(probe);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Its process id. */
  get pid(): number {
    if (this.child.pid === undefined) throw new BenchError('CONTESTANT', `${this.name} did not start`);
    return this.child.pid;
  }

  /** The end of what it has said. */
  get lastWords(): string {
    return this.output.trimEnd();
  }

  /** Ends it, as an orchestrator would; what does not end is killed. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exit;
    clearTimeout(timer);
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async ready(probe: string): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!this.ended && performance.now() < deadline) {
      if (await answers(probe)) return;
      await pause(50);
    }
    throw new BenchError('CONTESTANT', `${this.name} was not ready:\n${this.output}`);
  }
}

async function answers(probe: string): Promise<boolean> {
  try {
    const answer = await fetch(probe, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
