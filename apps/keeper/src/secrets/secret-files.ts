import { appRole, ownerRole, type ServiceTopology } from '@millrace/contracts';
import type { SystemRoles } from '../access/fleet-roles.js';
import type { FleetSecrets } from './fleet-secrets.js';

const DATABASE = 'millrace';

/** What the files are written for. */
export interface SecretFilesOptions {
  readonly services: readonly ServiceTopology[];
  readonly system: SystemRoles;
  readonly secrets: FleetSecrets;
  /** host:port of Postgres. */
  readonly address: string;
}

/**
 * Path → content of every secret file: a folder for each reader, which holds what that reader may know. `setup` is for
 * what runs before the services, as superuser and as owner of the schemas.
 */
export function secretFiles(options: SecretFilesOptions): ReadonlyMap<string, string> {
  const { services, system, secrets, address } = options;
  const url = (role: string) => databaseUrl(role, secrets.roles[role] ?? '', address);
  return new Map([
    ['setup/admin-database-url', databaseUrl('postgres', secrets.superuser, address)],
    ['setup/role-passwords.json', JSON.stringify(secrets.roles)],
    ...services.map(({ name }) => [`setup/${name}-database-url`, url(ownerRole(name))] as const),
    ...services.map(({ name }) => [`${name}/database-url`, url(appRole(name))] as const),
    ['fraud/key-secret', secrets.fraudKey],
    ['keeper/database-url', url(system.keeper)],
    ['postgres/environment.sh', `export POSTGRES_PASSWORD='${secrets.superuser}'`],
    ['connect/environment.sh', `export MILLRACE_CAPTURE_PASSWORD='${secrets.roles[system.capture] ?? ''}'`],
  ]);
}

function databaseUrl(role: string, password: string, address: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@${address}/${DATABASE}`;
}
