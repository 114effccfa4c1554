import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, StackError } from '../stack.error.js';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 10_000;

/** Runs the docker command and gives what it printed; throws what it said on stderr. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', [...args], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** Version of the engine; throws `StackError` DOCKER when none answers within 10 s. */
export async function engineVersion(): Promise<string> {
  try {
    const args = ['version', '--format', '{{.Server.Version}}'];
    return (await run('docker', args, { timeout: ANSWERS_WITHIN_MS })).stdout.trim();
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n').slice(-2);
    throw new StackError(
      'DOCKER',
      'No Docker engine answers: start it, or use --stack embedded, which needs only Java.',
      [why],
    );
  }
}

/** Pulls an image that is not here; throws `StackError` DOCKER when it cannot be had. */
export async function ensureImage(image: string): Promise<void> {
  const present = await docker('image', 'inspect', '--format', '{{.Id}}', image).catch(() => undefined);
  if (present) return;
  await docker('pull', '--quiet', image).catch((error: unknown) => {
    throw new StackError(
      'DOCKER',
      `The image ${image} cannot be pulled: check the network and start again.`,
      [messageOf(error)],
    );
  });
}
