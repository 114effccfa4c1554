import { isAlive, type ProcessIdentity } from './process-identity.js';
import { until } from '../processes/until.js';

/** A process and the signal that it takes as a request to end. */
export interface Endable extends ProcessIdentity {
  readonly signal: NodeJS.Signals;
}

/** Sends a signal to a process; a process that is gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Ends every process of the list that still lives: its own signal first, SIGKILL after `graceMs`. */
export async function endProcesses(processes: readonly Endable[], graceMs: number): Promise<void> {
  const living = () => processes.filter(isAlive);
  for (const { pid, signal } of living()) signalProcess(pid, signal);
  if (await until(() => living().length === 0, graceMs)) return;
  for (const { pid } of living()) signalProcess(pid, 'SIGKILL');
  await until(() => living().length === 0, 5_000);
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
