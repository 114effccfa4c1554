import { logger, observeDrain, type Telemetry } from '@millrace/telemetry';
import { EventServers } from '../consumers/event-servers.js';
import { Readiness } from '../health/readiness.js';
import { createApplication } from '../module/create-application.js';
import { ServiceRuntime } from '../module/service-runtime.js';
import type { ServiceOptions } from './run-service.js';
import { readServiceConfig, type ServiceConfig } from './service.config.js';
import { stopOnSignals, stopWithin } from './stop-on-signals.js';

type Application = Awaited<ReturnType<typeof createApplication>>;

/** Starts the application of a service and hands it to the signals; resolves once it listens. */
export async function serve(options: ServiceOptions, telemetry: Telemetry): Promise<void> {
  const config = readServiceConfig(options.name, options.port);
  const log = logger('service');
  const runtime = new ServiceRuntime({ name: options.name, config, telemetry });
  const app = await createApplication(await options.load(), runtime);
  let stopping: Promise<void> | undefined;
  let stoppingSince: number | undefined;
  const stop = () => {
    stoppingSince ??= performance.now();
    return (stopping ??= stopInOrder(app));
  };
  observeDrain(options.name, () =>
    stoppingSince === undefined ? 0 : (performance.now() - stoppingSince) / 1_000,
  );
  const failed = (err: unknown) => log.error({ err }, 'the service did not stop cleanly');
  stopOnSignals((signal) => {
    log.info({ signal }, 'stopping');
    return stop();
  }, failed);
  app.get(EventServers).connect(app, (err) => {
    log.fatal({ err }, 'the consumer crashed for good; a new process is needed');
    void stopWithin(stop, failed).then(() => process.exit(1));
  });
  try {
    await start(app, config);
    log.info({ url: await app.getUrl() }, 'listening');
  } catch (error) {
    // A stop in the middle of a start makes the start fail; the stop then ends the process.
    if (stopping === undefined) throw error;
  }
}

/** HTTP comes before the group: a port that is taken must not cost the other members a rebalance. */
async function start(app: Application, { host, port }: ServiceConfig): Promise<void> {
  await app.init();
  await app.listen(port, host);
  await app.startAllMicroservices();
}

/**
 * Not ready → the consumer drains, commits and leaves its group, while HTTP still answers → HTTP and the modules
 * close → telemetry and the pool end (`ClosingOrder`). Nothing that the drain needs closes before it.
 */
async function stopInOrder(app: Application): Promise<void> {
  app.get(Readiness).close();
  await app.get(EventServers).drain();
  await app.close();
}
