import type { Launch } from './launch.js';

/** A signal that asks a process to end, and how long in milliseconds it has before the next step. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

/** Everything that the supervisor must know of a process. */
export interface ProcessSpec {
  /** Name in commands, logs and `stack.json`; replicas are `inventory#2`. */
  readonly name: string;
  /** How to start it; asked before every start, so it may first clear what a crash left. */
  readonly launch: () => Launch | Promise<Launch>;
  /** Whether it can be used now; a throw counts as no and explains why. */
  readonly probe: () => Promise<boolean>;
  /** Steps of stopping before SIGKILL. */
  readonly stopSteps: readonly StopStep[];
  readonly logFile: string;
  /** Milliseconds from the start (or the question) until it must be ready. */
  readonly readyWithinMs: number;
}
