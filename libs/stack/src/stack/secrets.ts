import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { appRole, ownerRole, principalsOf, type ServiceTopology } from '@millrace/contracts';
import { readJson, writeJson } from '../guard/json-file.js';

/** Role that the connector reads the outboxes as. */
export const CAPTURE_ROLE = 'millrace_capture';
/** Role that `keeper run` works as. */
export const KEEPER_ROLE = 'millrace_keeper';

/** Principal for whom the brokers have no rules. */
export const KAFKA_ADMIN = 'admin';

/** Passwords of one data directory. */
export interface Secrets {
  readonly superuser: string;
  /** Login role → password. */
  readonly roles: Readonly<Record<string, string>>;
  /** Principal of the brokers → password; used by a secured stack. */
  readonly principals: Readonly<Record<string, string>>;
  /** What the fraud service hashes its keys with. */
  readonly fraudKey: string;
}

/** Reads `secrets.json` of the data folder, making what is missing; the file is for this user only. */
export function loadSecrets(dataFolder: string, services: readonly ServiceTopology[]): Secrets {
  const path = join(dataFolder, 'secrets.json');
  const known = readJson<Partial<Secrets>>(path);
  const names = services.flatMap(({ name }) => [ownerRole(name), appRole(name)]);
  const principals = [...principalsOf(services).map(({ name }) => name), KAFKA_ADMIN];
  const secrets = {
    superuser: known?.superuser ?? password(),
    roles: passwordsOf([...names, CAPTURE_ROLE, KEEPER_ROLE], known?.roles),
    principals: passwordsOf(principals, known?.principals),
    fraudKey: known?.fraudKey ?? password(),
  };
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

function passwordsOf(
  names: readonly string[],
  known: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, known[name] ?? password()] as const));
}

function password(): string {
  return randomBytes(18).toString('base64url');
}
