import type { Readable } from 'node:stream';
import { ProblemError } from './problem.error.js';

/** How a streamed body is read. */
export interface ChunkOptions {
  /** Silence in milliseconds after which its sender is cut off; time in which nobody asks for a chunk does not count. */
  readonly idleMs: number;
  /** Ends the reading with its reason. */
  readonly signal: AbortSignal;
}

/**
 * The chunks of a streamed body, each read when it is asked for: the sender waits meanwhile. Throws a 408 problem when
 * it stays silent and a 400 problem when its connection breaks. The connection is left open, so that it can be answered.
 */
export async function* chunksOf(
  body: Readable,
  options: ChunkOptions,
): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    options.signal.throwIfAborted();
    const chunk = body.read() as Buffer | null;
    if (chunk !== null) yield chunk;
    else if (body.readableEnded) return;
    else if (body.destroyed) throw broken();
    else await news(body, options);
  }
}

/** Resolves when there may be something to read, or nothing any more; rejects upon silence and abort. */
async function news(body: Readable, { idleMs, signal }: ChunkOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const told = () => resolve();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(() => reject(silent(idleMs)), idleMs);
  const events = ['readable', 'end', 'error', 'close'] as const;
  signal.addEventListener('abort', stop, { once: true });
  for (const event of events) body.on(event, told);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    for (const event of events) body.off(event, told);
  }
}

function silent(idleMs: number): ProblemError {
  return new ProblemError({
    status: 408,
    code: 'sender-silent',
    title: 'Request timeout',
    detail: `Nothing of the body arrived for ${idleMs} ms.`,
  });
}

function broken(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'body-incomplete',
    title: 'Bad request',
    detail: 'The connection broke before the end of the body.',
  });
}
