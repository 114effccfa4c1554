import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { putStock } from '../../support/fleet.js';
import { startStack, type LocalStack, type StackOptions } from '@millrace/stack';

/** Folder of the checkout. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A fleet of a spec's own, in a folder that goes with it. */
export interface ObservedStack {
  readonly stack: LocalStack;
  /** What the run said while it started, a line each. */
  readonly said: readonly string[];
  /** Folder of the stack. */
  readonly directory: string;
  close(): Promise<void>;
}

/** Starts the fleet on free ports, as `npm start` does, with stock of what orders are for; a receiver that this machine has set counts for nothing. */
export async function startObservedStack(
  options: Partial<Pick<StackOptions, 'root' | 'environment'>>,
): Promise<ObservedStack> {
  const directory = join(ROOT, '.millrace', 'test', `${process.pid}-${randomBytes(3).toString('hex')}`);
  const said: string[] = [];
  const unset = { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' };
  const stack = await startStack({
    root: options.root ?? ROOT,
    directory,
    ports: 'free',
    environment: { ...unset, ...options.environment },
    onProgress: (step) => said.push(step),
  });
  const close = async () => {
    await stack.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await stack.startServices();
    await putStock('MUG-BLUE', 1_000, stack.services['inventory'] ?? '');
  } catch (error) {
    await close();
    throw error;
  }
  return { stack, said, directory, close };
}
