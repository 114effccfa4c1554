/**
 * The contestant's end of `runContestant`: waits for the task, answers with what the work resolves to and ends the
 * process. It ends also when the run that asked for it is gone.
 */
export function contest<Task, Measure>(work: (task: Task) => Promise<Measure>): void {
  process.once('disconnect', () => process.exit(1));
  process.once('message', (task: Task) => {
    work(task).then(answer, (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
  });
}

function answer(measure: unknown): void {
  process.send?.(measure, undefined, undefined, () => process.exit(0));
}
