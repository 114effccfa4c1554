import { contest } from '../harness/contestant-process.js';
import type { LoadMeasure, LoadTask, PhaseMeasure } from './load-task.js';
import { runPhase } from './run-phase.js';

contest(load);

/** The load generator: a process of its own, so that it shares no event loop with what it measures. */
async function load(task: LoadTask): Promise<LoadMeasure> {
  const phases: PhaseMeasure[] = [];
  for (const phase of task.phases) phases.push(await runPhase(phase, task));
  return { phases };
}
