import { topology } from '@millrace/contracts';
import { logger } from '@millrace/telemetry';
import { loginRoles, SYSTEM_ROLES } from '../access/fleet-roles.js';
import { grantAccess } from '../access/grant-access.js';
import { readRolePasswords } from '../access/role-passwords.js';
import { readAccessConfig } from './access.config.js';
import { withAdminClient } from './admin-client.js';

/** `keeper access`: makes roles and schemas; resolves when all is as it must be. */
export async function access(): Promise<void> {
  const config = readAccessConfig();
  const names = loginRoles(topology).map((role) => role.name);
  const passwords = await readRolePasswords(config.ROLE_PASSWORDS_FILE, names);
  const changed = await withAdminClient(config.ADMIN_DATABASE_URL, (client) =>
    grantAccess(client, { services: topology, system: SYSTEM_ROLES, passwords }),
  );
  logger('keeper').info({ changed }, 'roles and schemas are as they must be');
}
