import { spawnSync } from 'node:child_process';

/** Runs Prometheus' own tool and gives its complaints, '' when it has none; throws when it is not installed. */
export function promtool(...args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (error) {
    throw new Error('promtool is missing: install Prometheus, on Debian by `apt-get install prometheus`', {
      cause: error,
    });
  }
  return status === 0 ? '' : `${stdout}${stderr}`;
}
