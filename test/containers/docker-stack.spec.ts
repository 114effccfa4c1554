import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StackError, startStack, type LocalStack } from '@millrace/stack';
import { eventually } from '@millrace/testing/runtime';
import { allReady, stockUp } from '../support/fleet.js';
import { machineWithoutJaeger } from '../support/machine-without-jaeger.js';
import { describeOrderFlow } from '../support/order-flow.js';
import { placeOrder } from '../support/orders.js';
import { docker, dockerLines } from './support/container.js';
import { eventuallyTraced } from './support/eventually-traced.js';

const ROOT = join(import.meta.dirname, '..', '..');
const DIRECTORY = join(ROOT, '.millrace', 'test', `docker-${process.pid}`);

/** Containers of the docker stack that publish the broker's port, that is, Kafka of this run. */
const kafkaContainer = async (stack: LocalStack) => {
  const port = stack.kafka.split(':')[1] ?? '';
  const [name = ''] = await dockerLines('ps', '--filter', `publish=${port}`, '--format', '{{.Names}}');
  return name;
};

describe('npm start -- --stack docker', () => {
  let stack: LocalStack;
  let prefix: string;
  let folder: string;
  const said: string[] = [];
  const names = (...what: readonly string[]) =>
    dockerLines(...what, '--filter', `name=${prefix}`, '--format', '{{.Name}}');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-machine-'));
    stack = await startStack({
      root: machineWithoutJaeger(folder).root,
      directory: DIRECTORY,
      mode: 'docker',
      ports: 'free',
      stateFile: false,
      environment: { JAEGER_BINARY: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' },
      onProgress: (step) => {
        said.push(step);
        process.stderr.write(`  ${step}\n`);
      },
    });
    await stack.startServices().catch((error: unknown) => {
      const details = error instanceof StackError ? error.details : [];
      throw new Error([String(error), ...details].join('\n'));
    });
    await stockUp(stack.services['inventory'] ?? '');
    prefix = (await kafkaContainer(stack)).replace(/-kafka$/, '');
  });

  afterAll(async () => {
    await stack?.close();
    if (prefix) await docker('volume', 'rm', '--force', `${prefix}-postgres`, `${prefix}-kafka`);
    for (const made of [DIRECTORY, folder]) rmSync(made, { recursive: true, force: true });
  });

  describeOrderFlow(async () => ({
    services: stack.services,
    mail: stack.mail,
    postgres: stack.postgres,
    console: {
      command: ['docker', 'exec', await kafkaContainer(stack), '/opt/kafka/bin/kafka-console-consumer.sh'],
      brokers: 'kafka:9092',
    },
  }));

  it('shows an order in Jaeger, whose image is taken where there is no Jaeger program', async () => {
    expect(said).toContainEqual(expect.stringMatching(/^Traces go to Jaeger \(the image /));
    const { traceId } = await placeOrder(stack.services['order'] ?? '');
    await eventuallyTraced(stack.traces ?? '', traceId);
  });

  it.each(['postgres', 'kafka', 'connect'])(
    '%s is started again when its process is killed',
    async (server) => {
      const before = stack.processes()[server];
      await stack.kill(server);
      await eventually(() => {
        const now = stack.processes()[server];
        expect(now).toBeDefined();
        expect(now).not.toBe(before);
      });
      await stack.ready(server);
      await allReady(90_000, stack.services);
      const { eventId } = await placeOrder(stack.services['order'] ?? '');
      await eventually(
        async () => {
          const answer = await fetch(`${stack.services['fraud']}/ops/events/${eventId}`);
          await expect(answer.json()).resolves.toMatchObject({ state: 'done' });
        },
        { everyMs: 200 },
      );
    },
  );

  it('leaves its data and nothing that runs', async () => {
    await stack.close();
    expect(await dockerLines('ps', '--all', '--quiet', '--filter', `label=millrace.stack=${prefix}`)).toEqual(
      [],
    );
    expect(await names('network', 'ls')).toEqual([]);
    expect((await names('volume', 'ls')).toSorted()).toEqual([`${prefix}-kafka`, `${prefix}-postgres`]);
  });
});
