import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, StackError } from '../stack.error.js';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 10_000;

/** Runs the docker command and gives what it printed; throws what it said on stderr. */
export async function docker(...args: readonly string[]): Promise<string> {
  return command(args, 0);
}

async function command(args: readonly string[], timeout: number): Promise<string> {
  const { stdout } = await run('docker', [...args], { env: process.env, timeout });
  return stdout.trim();
}

/** Version of the engine; throws `StackError` DOCKER when none answers within 10 s. */
export async function engineVersion(): Promise<string> {
  try {
    return await command(['version', '--format', '{{.Server.Version}}'], ANSWERS_WITHIN_MS);
  } catch (error) {
    const sentence = 'No Docker engine answers: start it, or use --stack embedded, which needs only Java.';
    throw new StackError('DOCKER', sentence, messageOf(error).trim().split('\n').slice(-1));
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
