import { createServer } from 'node:http';
import {
  createReplicationMutexConcurrencyController,
  getDisabledLogger,
  initializePollingMessageListener,
  initializeReplicationMessageListener,
  type GeneralMessageHandler,
} from 'pg-transactional-outbox';
import { LONE_SCHEMA } from '../latency/lone-place.js';
import { listenerConfig } from './outbox-consumer.config.js';

/** The peer: pg-transactional-outbox with a handler that keeps the event's id, in the mode that LISTENER names. */
const config = listenerConfig(process.env['DATABASE_URL'] ?? '');
const logger = { ...getDisabledLogger(), error: complain, fatal: complain };

const handler: GeneralMessageHandler = {
  handle: async ({ id }, client) => {
    await client.query(`INSERT INTO ${LONE_SCHEMA}.effect VALUES ($1) ON CONFLICT DO NOTHING`, [id]);
  },
};

const [shutdown] =
  process.env['LISTENER'] === 'replication'
    ? initializeReplicationMessageListener(config, handler, logger, {
        concurrencyStrategy: createReplicationMutexConcurrencyController(),
      })
    : initializePollingMessageListener(config, handler, logger);

createServer((_, response) => response.end('{}')).listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => void shutdown().finally(() => process.exit(0)));

function complain(...said: unknown[]): void {
  process.stderr.write(`${said.map(String).join(' ')}\n`);
}
