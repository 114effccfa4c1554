import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { removeAbandonedStacks, startStack } from '@millrace/stack';
import { startOtlpReceiver } from './otlp-receiver.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Starts the one stack of a test run: infrastructure only, on free ports and in a folder of its own; the first
 * suite that needs the fleet starts the services on it. Two inventories, because a group of one proves little.
 */
export default async function startTestStack() {
  // Several Jest projects name this file; they share one stack.
  if (globalThis.__millraceStack) return;
  const folders = join(ROOT, '.millrace', 'test');
  await removeAbandonedStacks(folders);
  const directory = join(folders, `${process.pid}-${randomBytes(3).toString('hex')}`);
  const receiver = await startOtlpReceiver();
  process.stderr.write('The stack of this test run:\n');
  globalThis.__millraceStack = await startStack({
    root: ROOT,
    directory,
    ports: 'free',
    stateFile: false,
    scale: { inventory: 2 },
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    onProgress: (step) => process.stderr.write(`  ${step}\n`),
  });
  globalThis.__millraceOtlp = receiver;
  globalThis.__millraceDirectory = directory;
}
