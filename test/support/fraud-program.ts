import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@millrace/testing/runtime';
import { freePort } from './keeper-program.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** One more process of the fraud service, beside the stack's own. */
export class FraudProgram {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

  /** Starts the built service on a free port. */
  static async start(): Promise<FraudProgram> {
    const port = await freePort();
    const program = spawn(process.execPath, [join('apps', 'fraud', 'dist', 'main.js')], {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...process.env, ...stack.environmentOf('fraud'), PORT: port, LOG_LEVEL: 'warn' },
    });
    return new FraudProgram(program, `http://127.0.0.1:${port}`);
  }

  /** Resolves once it is a member of its group and ready. */
  async ready(): Promise<void> {
    await eventually(
      async () => {
        const { status } = await fetch(`${this.url}/health/ready`);
        if (status !== 200) throw new Error(`another fraud process is not ready: ${status}`);
      },
      { everyMs: 200 },
    );
  }

  /** Ends it, cleanly or not, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await once(this.process, 'exit');
  }
}
