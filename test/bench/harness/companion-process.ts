/** A program that serves until it is told to stop. */
export interface Served {
  /** Answers what `Companion.ask` asks. */
  readonly answer?: (question: unknown) => unknown;
  readonly close: () => Promise<void>;
}

/**
 * The companion's end of `Companion`: starts with the task that it is sent, says when it is ready, answers questions
 * and closes on SIGTERM. It ends also when the run that started it is gone.
 */
export function accompany<Task>(start: (task: Task) => Promise<Served>): void {
  process.once('disconnect', () => process.exit(1));
  process.once('message', (task: Task) => {
    start(task).then(serve, fail);
  });
}

function serve({ answer, close }: Served): void {
  process.on('message', (question: unknown) => {
    process.send?.({ answer: answer?.(question) ?? null });
  });
  process.once('SIGTERM', () => void close().then(() => process.exit(0), fail));
  process.send?.({ answer: 'ready' });
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
