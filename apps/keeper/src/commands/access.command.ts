import { ConfigError, kafkaConnectionOf, type KafkaConnection } from '@millrace/config';
import { principalsOf, topology } from '@millrace/contracts';
import { createKafkaAdmin } from '@millrace/messaging';
import { logger } from '@millrace/telemetry';
import { loginRoles, SYSTEM_ROLES } from '../access/fleet-roles.js';
import { grantAccess } from '../access/grant-access.js';
import { readRolePasswords } from '../access/role-passwords.js';
import { readAccessConfig } from './config/access.config.js';
import { withAdminClient } from './admin-client.js';
import { UnreachableError } from './unreachable.error.js';

/**
 * `keeper access`: makes roles and schemas, and with `KAFKA_ACLS` the access rules of the brokers; resolves when all is
 * as it must be.
 */
export async function access(): Promise<void> {
  const config = readAccessConfig();
  const kafka = config.KAFKA_ACLS ? kafkaConnectionOf(config) : undefined;
  if (kafka?.brokers.length === 0)
    throw new ConfigError(['KAFKA_BROKERS: is not set although KAFKA_ACLS is']);
  const names = loginRoles(topology).map((role) => role.name);
  const passwords = await readRolePasswords(config.ROLE_PASSWORDS_FILE, names);
  const changed = await withAdminClient(config.ADMIN_DATABASE_URL, (client) =>
    grantAccess(client, { services: topology, system: SYSTEM_ROLES, passwords }),
  );
  logger('keeper').info({ changed }, 'roles and schemas are as they must be');
  if (kafka)
    logger('keeper').info(await grantKafkaAccess(kafka), 'the rules of the brokers are as they must be');
}

async function grantKafkaAccess(kafka: KafkaConnection) {
  const admin = await createKafkaAdmin({ ...kafka, clientId: 'keeper' }).catch((error: unknown) => {
    throw new UnreachableError('Kafka', 'KAFKA_BROKERS', error);
  });
  try {
    return await admin.putAcls(principalsOf(topology));
  } finally {
    await admin.close();
  }
}
