import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStack, type LocalStack } from '@millrace/stack';
import { TraceSink } from '../../bench/tracing/trace-sink.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A stack that a spec has for itself. */
export interface OwnStack {
  readonly stack: LocalStack;
  /** Its folder, where its `targets.json` lies. */
  readonly directory: string;
  /** Stops it and forgets its data. */
  close(): Promise<void>;
}

/** Starts a stack as `npm start` does, on free ports and in a folder of its own, whose traces nobody keeps; the variables are for its services. */
export async function startOwnStack(variables: Readonly<Record<string, string>> = {}): Promise<OwnStack> {
  const directory = join(ROOT, '.millrace', 'test', `${process.pid}-${randomBytes(3).toString('hex')}`);
  const traces = await TraceSink.start();
  const forget = async (): Promise<void> => {
    await traces.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const environment = { ...variables, OTEL_EXPORTER_OTLP_ENDPOINT: traces.url };
    const stack = await startStack({ root: ROOT, directory, ports: 'free', environment });
    return { stack, directory, close: () => stack.close().then(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}
