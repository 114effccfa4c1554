import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How to start one process: program, arguments, complete environment, and the user when it is not ours. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in a terminal reaches only the start command and
 * the stack decides the order of stopping. Its output is appended to the log file.
 */
export function launchInto(logFile: string, launch: Launch): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(launch.file, [...launch.args], {
      cwd: launch.cwd,
      env: { ...launch.env },
      detached: true,
      stdio: ['ignore', log, log],
      ...(launch.uid === undefined ? {} : { uid: launch.uid }),
      ...(launch.gid === undefined ? {} : { gid: launch.gid }),
    });
  } finally {
    closeSync(log);
  }
}
