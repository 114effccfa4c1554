/** What kept the stack from doing what it was asked; decides nothing but how a caller may react. */
export type StackErrorCode =
  | 'DISK'
  | 'DOCKER'
  | 'EXTERNAL'
  | 'JARS'
  | 'JAVA'
  | 'LOCKED'
  | 'MAVEN'
  | 'MODE'
  | 'NOT_BUILT'
  | 'OPTIONS'
  | 'PLATFORM'
  | 'PROCESS'
  | 'SAMPLE'
  | 'START';

/** A fault of the local stack: one sentence that says what to do, and the log lines (oldest first) that explain it. */
export class StackError extends Error {
  constructor(
    readonly code: StackErrorCode,
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
    this.name = 'StackError';
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
