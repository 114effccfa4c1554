import { appRole, ownerRole, schemaOf, type ServiceTopology } from '@millrace/contracts';
import type { ClientBase } from 'pg';
import { putCaptureRecords } from '../store/capture-record-store.js';
import { lockForTransaction } from '../store/keeper-lock.js';
import { allowToBecome, allowToMonitor, putRole, readRoles, setSearchPath } from '../store/role-store.js';
import { closePublicSchema, grantRows, putSchema } from '../store/schema-store.js';
import { inTransaction } from '../store/transaction.js';
import { loginRoles, type RoleSpecification, type SystemRoles } from './fleet-roles.js';
import { RolePasswordsError, type RolePasswords } from './role-passwords.js';
import { scramVerifier, verifies } from './scram-verifier.js';

/** What access is granted for. */
export interface AccessOptions {
  readonly services: readonly ServiceTopology[];
  readonly system: SystemRoles;
  /** A password for each of `loginRoles(services, system)`. */
  readonly passwords: RolePasswords;
}

/**
 * Makes the fleet's roles and schemas as they must be, in one transaction of a superuser; returns the roles that were
 * created or altered. Again, or two at once: the second finds nothing to do.
 */
export function grantAccess(client: ClientBase, options: AccessOptions): Promise<readonly string[]> {
  const { services, system } = options;
  return inTransaction(client, async () => {
    await lockForTransaction(client);
    const changed = await putRoles(client, loginRoles(services, system), options.passwords);
    await closePublicSchema(client);
    for (const { name } of services) {
      await putSchema(client, schemaOf(name), ownerRole(name));
      await grantRows(client, schemaOf(name), ownerRole(name), appRole(name));
    }
    const owners = services.map(({ name }) => ownerRole(name));
    await allowToBecome(client, system.keeper, owners);
    await allowToMonitor(client, system.keeper);
    await putCaptureRecords(client, system.keeper);
    return changed;
  });
}

async function putRoles(
  client: ClientBase,
  roles: readonly RoleSpecification[],
  passwords: RolePasswords,
): Promise<readonly string[]> {
  const names = roles.map((role) => role.name);
  const stored = new Map((await readRoles(client, names)).map((role) => [role.name, role]));
  const changed: string[] = [];
  for (const role of roles) {
    const password = passwords.get(role.name);
    if (!password) throw new RolePasswordsError(`No password for ${role.name}`);
    const present = stored.get(role.name);
    const right =
      present?.ordinary && present.replication === role.replication && verifies(present.verifier, password);
    if (!right) {
      await putRole(client, present ? 'ALTER' : 'CREATE', role, scramVerifier(password));
      changed.push(role.name);
    }
    if (role.schema !== undefined) await setSearchPath(client, role.name, role.schema);
  }
  return changed;
}
