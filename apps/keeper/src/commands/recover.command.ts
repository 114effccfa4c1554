import { kafkaConnectionOf } from '@millrace/config';
import { topology } from '@millrace/contracts';
import { createKafkaBroker } from '@millrace/messaging';
import { logger } from '@millrace/telemetry';
import { ConnectClient } from '../connector/connect-client.js';
import { recover } from '../recover/recover.js';
import { systemClock } from '../timing/clock.js';
import { withAdminClient } from './admin-client.js';
import { readRecoverConfig } from './config/recover.config.js';
import { UnreachableError } from './unreachable.error.js';

/** `keeper recover`: makes a new slot and produces what the lost one did not give; resolves when the connector may run. */
export async function recoverCapture(force: boolean): Promise<void> {
  const config = readRecoverConfig();
  const connect = new ConnectClient(config.CONNECT_URL);
  await reach('Kafka Connect', 'CONNECT_URL', () => connect.isReady(AbortSignal.timeout(10_000)));
  const broker = createKafkaBroker({ ...kafkaConnectionOf(config), clientId: 'keeper' });
  try {
    await reach('Kafka', 'KAFKA_BROKERS', () => broker.connect());
    const report = await withAdminClient(config.ADMIN_DATABASE_URL, (client) =>
      recover({
        client,
        connect,
        broker,
        services: topology,
        slot: config.CAPTURE_SLOT,
        connector: config.CONNECTOR_NAME,
        force,
        clock: systemClock,
        log: logger('recover'),
      }),
    );
    logger('keeper').info(report, 'capture has recovered');
  } finally {
    await broker.close();
  }
}

async function reach(server: string, variable: string, ask: () => Promise<unknown>): Promise<void> {
  await ask().catch((error: unknown) => {
    throw new UnreachableError(server, variable, error);
  });
}
