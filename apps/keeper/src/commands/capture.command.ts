import { kafkaConnectionOf } from '@millrace/config';
import { topology } from '@millrace/contracts';
import { createKafkaAdmin } from '@millrace/messaging';
import { logger } from '@millrace/telemetry';
import { SYSTEM_ROLES } from '../access/fleet-roles.js';
import { prepareCapture } from '../capture/prepare-capture.js';
import { withAdminClient } from './admin-client.js';
import { readCaptureConfig } from './config/capture.config.js';
import { UnreachableError } from './unreachable.error.js';

/** `keeper capture`: makes partitions, publication, slot and topics; resolves when all are there. */
export async function capture(): Promise<void> {
  const config = readCaptureConfig();
  const kafka = { ...kafkaConnectionOf(config), clientId: 'keeper' };
  const admin = await createKafkaAdmin(kafka).catch((error: unknown) => {
    throw new UnreachableError('Kafka', 'KAFKA_BROKERS', error);
  });
  try {
    const report = await withAdminClient(config.ADMIN_DATABASE_URL, (client) =>
      prepareCapture(client, admin, {
        services: topology,
        captureRole: SYSTEM_ROLES.capture,
        slot: config.CAPTURE_SLOT,
        topicPrefix: config.MILLRACE_TOPIC_PREFIX,
        now: Date.now(),
      }),
    );
    logger('keeper').info(report, 'capture is prepared');
  } finally {
    await admin.close();
  }
}
