import { resolve } from 'node:path';
import { startStack } from '../stack/start-stack.js';
import type { LocalStack } from '../stack/local-stack.js';
import { checkoutRoot } from './checkout-root.js';
import { watchNpm } from './npm-watch.js';
import { say, sayFailure } from './report.js';
import { runSample } from './sample-run.js';
import { parseStartOptions, START_USAGE, type StartOptions } from './start-options.js';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const INTERRUPTED = 130;

process.exitCode = await main(process.argv.slice(2));

/** Runs the start command to its end; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  const unwatch = listenForStop(stopping);
  try {
    const options = parseStartOptions(args);
    if (options.help) say(START_USAGE);
    return options.help ? 0 : await run(options, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) {
      say('\nInterrupted; everything is stopped.');
      return INTERRUPTED;
    }
    sayFailure(error);
    return 1;
  } finally {
    unwatch();
  }
}

async function run(options: StartOptions, signal: AbortSignal): Promise<number> {
  const root = checkoutRoot();
  const { once, fresh, mode, services, scale } = options;
  const directory = resolve(root, options.directory ?? '.millrace');
  const startedAt = Date.now();
  const onProgress = (step: string) => say(`  ${step}`);
  say('Millrace is getting ready:');
  const stack = await startStack({ root, directory, fresh, mode, services, scale, onProgress, signal });
  try {
    await stack.startServices();
    sayWhere(stack, (Date.now() - startedAt) / 1_000);
    const seen = await runSample(stack);
    if (!seen) say('\nNot every effect was seen in time: read the logs in the folder logs.');
    if (once) return seen ? 0 : 1;
    say('\nThe fleet stays up; Ctrl-C stops all of it.');
    await aborted(signal);
    return 0;
  } finally {
    say('\nStopping …');
    await stack.close();
    say('Everything is stopped.');
  }
}

function sayWhere(stack: LocalStack, seconds: number): void {
  say(`\nReady after ${seconds.toFixed(0)} s:`);
  for (const [service, urls] of Object.entries(stack.replicas))
    say(`  ${service.padEnd(14)} ${urls.join('  ')}`);
  say(`  ${'Kafka'.padEnd(14)} ${stack.kafka}`);
  say(`  ${'Kafka Connect'.padEnd(14)} ${stack.connect}`);
  say(`  ${'mails'.padEnd(14)} ${stack.mail}/messages`);
  say(`  ${'traces'.padEnd(14)} ${stack.traces ?? 'nowhere'}`);
  say(`  ${'Postgres'.padEnd(14)} ${new URL(stack.postgres).host} (URL in stack.json)`);
}

/** Aborts on Ctrl-C and the like, and when the npm that runs this is gone; returns how to stop listening. */
function listenForStop(stopping: AbortController): () => void {
  const stop = () => stopping.abort();
  for (const name of STOP_SIGNALS) process.on(name, stop);
  // A terminal that is closed takes our output with it; the stack must still be stopped in order.
  process.stdout.on('error', stop);
  process.stderr.on('error', stop);
  return watchNpm(['start'], stop);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
