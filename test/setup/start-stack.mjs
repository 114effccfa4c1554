import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startOtlpReceiver } from './otlp-receiver.mjs';
import { removeAbandonedStacks, startStack } from '@millrace/stack';
import { startOtlpReceiver } from './otlp-receiver.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Starts the one stack of a test run: infrastructure only, on free ports and in a folder of its own; the first
 * suite that needs the fleet starts the services on it. Two inventories, because a group of one proves little.
 */
export default async function start() {
  await removeAbandonedStacks(join(ROOT, '.millrace', 'test'));
  const run = `${process.pid}-${randomBytes(3).toString('hex')}`;
  const receiver = await startOtlpReceiver();
  globalThis.__millraceOtlp = receiver;
  globalThis.__millraceStack = await startStack({
    root: ROOT,
    directory: join(ROOT, '.millrace', 'test', run),
    ports: 'free',
    scale: { inventory: 2 },
    stateFile: false,
    scale: { inventory: 2 },
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: globalThis.__millraceOtlp.url },
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    onProgress: (step) => process.stderr.write(`  ${step}\n`),
  });
  globalThis.__millraceDirectory = join(ROOT, '.millrace', 'test', run);
}
