import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../processes/inherited-environment.js';

const run = promisify(execFile);
const ENGINE_WITHIN_MS = 10_000;
const PULL_WITHIN_MS = 60_000;

/** Jaeger with its page, as its makers publish it. */
export const JAEGER_IMAGE = 'cr.jaegertracing.io/jaegertracing/jaeger:2.13.0';

/** How the engine is asked. */
export interface EngineRequest {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Whether a Docker engine answers within 10 s and has the image, or can pull it within a minute. */
export async function hasJaegerImage(
  request: EngineRequest & { readonly say: (sentence: string) => void },
): Promise<boolean> {
  if (!(await docker(['version', '--format', '{{.Server.Version}}'], request))) return false;
  if (await docker(['image', 'inspect', '--format', '{{.Id}}', JAEGER_IMAGE], request)) return true;
  request.say(`pulling the image ${JAEGER_IMAGE} (once)`);
  return docker(['pull', '--quiet', JAEGER_IMAGE], request, PULL_WITHIN_MS);
}

/** Ends and removes a container; one that is not there is no error. */
export async function removeContainer(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
  await docker(['rm', '--force', name], { environment });
}

/** What Docker's client needs of our environment: where the engine and its settings are. */
export function dockerEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return inheritedEnvironment(environment, ['DOCKER_', 'XDG_RUNTIME_DIR']);
}

/** Whether Docker's client did it in time. */
async function docker(
  args: readonly string[],
  { environment, signal }: EngineRequest,
  timeout = ENGINE_WITHIN_MS,
): Promise<boolean> {
  try {
    const options = { env: dockerEnvironment(environment), timeout, killSignal: 'SIGKILL' as const };
    await run('docker', [...args], { ...options, ...(signal ? { signal } : {}) });
    return true;
  } catch {
    return false;
  }
}
