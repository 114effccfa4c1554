import {
  createApplication,
  ServiceRuntime,
  UNPROTECTED,
  type RuntimeSettings,
} from '@millrace/service/module';
import { CONNECT_WITHIN_MS } from './test-database.js';

type ServiceClass = Parameters<typeof createApplication>[0];
type Application = Awaited<ReturnType<typeof createApplication>>;

/**
 * An initialised application for tests: everything of the real one except telemetry and consumer, ready for
 * `inject()`. Give it the configuration that it uses, for example `{ databaseUrl: database.url }`.
 */
export async function testApplication(
  name: string,
  service: ServiceClass,
  config: Partial<RuntimeSettings['config']> = {},
): Promise<Application> {
  const runtime = new ServiceRuntime({
    name,
    telemetry: { shutdown: async () => {}, metricsText: async () => '' },
    config: {
      host: '127.0.0.1',
      port: 0,
      databaseUrl: '',
      databasePoolSize: 10,
      databaseConnectTimeoutMs: CONNECT_WITHIN_MS,
      kafka: { brokers: [] },
      captureSlot: 'millrace',
      security: UNPROTECTED,
      ...config,
    },
  });
  const app = await createApplication(service, runtime);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
