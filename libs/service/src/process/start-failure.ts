import { ConfigError } from '@millrace/config';

/**
 * What a program says on stderr when it cannot start: one sentence where the cause is a known one, with the stack
 * only where it is a surprise.
 */
export function startFailure(program: string, error: unknown): string {
  if (!(error instanceof Error)) return `${program} could not start: ${String(error)}\n`;
  if (error instanceof ConfigError) return `${program} could not start. ${error.message}\n`;
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    return `${program} could not start: its address is taken (${error.message}); set PORT to a free one.\n`;
  }
  if (code !== undefined) return `${program} could not start: ${error.message || code} (${code})\n`;
  return `${program} could not start: ${error.stack ?? error.message}\n`;
}

/** Code of an error or of the first error of several attempts, as `connect` reports them. */
function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
