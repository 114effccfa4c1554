import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { containerProcess, volumeName } from '../docker/container-process.js';
import { docker, engineVersion, ensureImage } from '../docker/docker-engine.js';
import { connectContainer, IMAGES, kafkaContainer, postgresContainer } from '../docker/servers.js';
import type { StackSession } from '../stack/stack-session.js';
import { bringUp } from './bring-up.js';
import { captureEnvironment } from './capture-environment.js';
import { type Infrastructure, type InfrastructureRequest, portOf } from './infrastructure.js';

/** Postgres, Kafka and Connect in containers of the images that docker-compose.yml names; the services stay processes. */
export async function dockerInfrastructure(request: InfrastructureRequest): Promise<Infrastructure> {
  const { options, session, ports, secrets } = request;
  await engineVersion();
  const stack = `millrace-${createHash('sha256').update(session.directory).digest('hex').slice(0, 10)}`;
  for (const image of Object.values(IMAGES)) {
    await session.steps.run(`image ${image}`, () => ensureImage(image));
  }
  await prepare(stack, session);
  session.atClose(() => removeRemains(stack));
  const place = (name: string) => ({ stack, logFile: session.log(name), port: portOf(ports, name) });
  return bringUp(request, {
    postgres: (url) => containerProcess(postgresContainer(place('postgres'), secrets.superuser, url)),
    kafka: () => containerProcess(kafkaContainer(place('kafka'))),
    connect: () =>
      containerProcess(
        connectContainer(place('connect'), options.root, captureEnvironment(request, 'postgres', 5_432)),
      ),
  });
}

/** Clears what a crash left and makes the network; data whose passwords went with the data folder goes as well. */
async function prepare(stack: string, session: StackSession): Promise<void> {
  await removeRemains(stack);
  await docker('network', 'create', '--label', `millrace.stack=${stack}`, stack);
  const marker = session.data('docker');
  if (existsSync(marker)) return;
  await docker('volume', 'rm', '--force', volumeName(stack, 'postgres'), volumeName(stack, 'kafka'));
  mkdirSync(marker);
}

async function removeRemains(stack: string): Promise<void> {
  const ids = await docker('ps', '--all', '--quiet', '--filter', `label=millrace.stack=${stack}`);
  if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n')).catch(() => undefined);
  await docker('network', 'rm', stack).catch(() => undefined);
}
