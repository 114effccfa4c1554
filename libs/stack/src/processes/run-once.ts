import { StackError, type StackErrorCode } from '../stack.error.js';
import { launchInto, type Launch } from './launch.js';
import { tailOf } from './log-file.js';
import type { ProcessLedger } from '../guard/process-ledger.js';
import { signalProcess } from '../guard/end-processes.js';

/** A program that does one thing and ends. */
export interface OneShot {
  readonly name: string;
  readonly launch: Launch;
  readonly logFile: string;
  /** After this many milliseconds it is killed and counts as failed. */
  readonly withinMs: number;
  /** Code and sentence of the error when it fails. @default START and where its log is */
  readonly failure?: { readonly code: StackErrorCode; readonly sentence: string };
}

/** Runs a program to its end; throws `StackError` with its last log lines unless it exits with 0. */
export async function runOnce(shot: OneShot, ledger: ProcessLedger): Promise<void> {
  ledger.assertOpen();
  const child = launchInto(shot.logFile, shot.launch);
  const { pid } = child;
  if (pid !== undefined) ledger.add(pid, 'SIGTERM');
  const timer = setTimeout(() => pid !== undefined && signalProcess(pid, 'SIGKILL'), shot.withinMs);
  const outcome = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`),
    );
  });
  clearTimeout(timer);
  if (pid !== undefined) ledger.remove(pid);
  if (outcome === null) return;
  const sentence = shot.failure?.sentence ?? `${shot.name} failed (${outcome}); read ${shot.logFile}.`;
  throw new StackError(shot.failure?.code ?? 'START', sentence, tailOf(shot.logFile));
}
