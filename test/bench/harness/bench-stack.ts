import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeAbandonedStacks, startStack, type LocalStack } from '@millrace/stack';

/** What a stack for benchmarks is started with. */
export interface BenchStackOptions {
  /** Folder of the checkout. */
  readonly root: string;
  readonly say: (step: string) => void;
  /** Ends everything when it fires. */
  readonly signal: AbortSignal;
}

/**
 * The stack that a run of benchmarks shares: the fleet's own database, roles, topics and settings, on free ports, in
 * a folder of its own that is removed afterwards. No service of the fleet runs unless a benchmark starts it.
 */
export class BenchStack {
  private constructor(
    /** The running stack, for what a benchmark starts or stops itself. */
    readonly local: LocalStack,
    private readonly directory: string,
  ) {}

  /** Starts the servers and prepares database and topics as every start of the fleet does. */
  static async start({ root, say, signal }: BenchStackOptions): Promise<BenchStack> {
    const folders = join(root, '.millrace', 'bench');
    await removeAbandonedStacks(folders);
    const directory = join(folders, `${process.pid}-${randomBytes(3).toString('hex')}`);
    const options = { root, directory, ports: 'free', stateFile: false, onProgress: say, signal } as const;
    // A trace page would share the cores.
    const local = await startStack({ ...options, environment: { OTEL_TRACES_EXPORTER: 'none' } });
    const stack = new BenchStack(local, directory);
    try {
      await local.startServices([]);
    } catch (error) {
      await stack.close();
      throw error;
    }
    return stack;
  }

  /** Starts or stops Kafka Connect and the keeper: what does not belong to a comparison must not share its cores. */
  async capture(wanted: boolean): Promise<void> {
    const names = ['connect', 'keeper'] as const;
    const running = names.every((name) => this.local.processes()[name] !== undefined);
    if (running === wanted) return;
    if (wanted) for (const name of names) await this.local.start(name);
    else for (const name of names.toReversed()) await this.local.stop(name);
  }

  /** Stops everything and removes the folder. */
  async close(): Promise<void> {
    await this.local.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
