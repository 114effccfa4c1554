import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A container as the engine describes it, in part. */
export interface Container {
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Memory: number;
    readonly RestartPolicy: { readonly Name: string };
  };
}

/** An image as the engine describes it, in part. */
export interface Image {
  /** Bytes. */
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck?: { readonly Test: readonly string[] };
  };
}

/** Describes containers by id or name. */
export async function inspect(ids: readonly string[]): Promise<Container[]> {
  return ids.length === 0 ? [] : (JSON.parse(await docker('inspect', ...ids)) as Container[]);
}

/** Describes an image; throws when it is not here. */
export async function inspectImage(name: string): Promise<Image> {
  const [image] = JSON.parse(await docker('image', 'inspect', name)) as Image[];
  if (!image) throw new Error(`the engine has no image ${name}`);
  return image;
}

/** Runs the docker command and gives what it printed; throws with what it said on stderr. */
export async function docker(...args: readonly string[]): Promise<string> {
  return (await run('docker', [...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
}

/** Lines that the docker command printed, without empty ones. */
export async function dockerLines(...args: readonly string[]): Promise<string[]> {
  return (await docker(...args)).split('\n').filter((line) => line !== '');
}

/** Image of a program of ours, with the tag that docker-compose.yml builds. */
export function imageOf(program: string): string {
  return `millrace/${program}:${process.env['MILLRACE_TAG'] ?? 'dev'}`;
}

/** Name of a container in docker-compose.yml. */
export function serviceOf(container: Container): string {
  return container.Config.Labels['com.docker.compose.service'] ?? '';
}
