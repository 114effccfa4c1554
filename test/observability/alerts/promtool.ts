import { spawnSync } from 'node:child_process';

/** What promtool said, and whether it was content. */
export interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs Prometheus' own tool; throws when it is not installed. */
export function promtool(...args: readonly string[]): Verdict {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (error) {
    throw new Error('promtool is missing: install Prometheus, on Debian by `apt-get install prometheus`', {
      cause: error,
    });
  }
  return { ok: status === 0, output: `${stdout}${stderr}` };
}
