import { runContestant } from '../harness/contestant.js';
import type { LoadMeasure, LoadTask } from './load-task.js';

const PROGRAM = new URL('./load.main.ts', import.meta.url);

/** Runs the load generator; throws `BenchError` CONTESTANT at any answer but 201 with an id. */
export function generateLoad(task: LoadTask): Promise<LoadMeasure> {
  return runContestant<LoadTask, LoadMeasure>({ program: PROGRAM }, task);
}
