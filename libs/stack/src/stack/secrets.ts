import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { appRole, ownerRole, type ServiceTopology } from '@millrace/contracts';
import { readJson, writeJson } from '../guard/json-file.js';

/** Role that the connector reads the outboxes as. */
export const CAPTURE_ROLE = 'millrace_capture';
/** Role that `keeper run` works as. */
export const KEEPER_ROLE = 'millrace_keeper';

/** Passwords of one data directory. */
export interface Secrets {
  readonly superuser: string;
  /** Login role → password. */
  readonly roles: Readonly<Record<string, string>>;
}

/** Reads `secrets.json` of the data folder, making what is missing; the file is for this user only. */
export function loadSecrets(dataFolder: string, services: readonly ServiceTopology[]): Secrets {
  const path = join(dataFolder, 'secrets.json');
  const known = readJson<Secrets>(path);
  const names = services.flatMap(({ name }) => [ownerRole(name), appRole(name)]);
  const roles = [...names, CAPTURE_ROLE, KEEPER_ROLE].map(
    (role) => [role, known?.roles[role] ?? password()] as const,
  );
  const secrets = { superuser: known?.superuser ?? password(), roles: Object.fromEntries(roles) };
  mkdirSync(dataFolder, { recursive: true });
  writeJson(path, secrets);
  return secrets;
}

/** Writes the roles' passwords alone, as the keeper reads them; returns the file's path. */
export function writeRolePasswords(dataFolder: string, secrets: Secrets): string {
  const path = join(dataFolder, 'role-passwords.json');
  writeJson(path, secrets.roles);
  return path;
}

function password(): string {
  return randomBytes(18).toString('base64url');
}
