import { topology } from '@millrace/contracts';
import { logger } from '@millrace/telemetry';
import { loginRoles, SYSTEM_ROLES } from '../access/fleet-roles.js';
import { completeSecrets } from '../secrets/fleet-secrets.js';
import { secretFiles } from '../secrets/secret-files.js';
import { noteSecrets, readKnownSecrets, writeSecretFiles } from '../secrets/secret-folder.js';
import { readSecretsConfig } from './config/secrets.config.js';

/** `keeper secrets`: makes the passwords that are missing and writes each reader's files; resolves when all are there. */
export async function secrets(): Promise<void> {
  const config = readSecretsConfig();
  const folder = config.SECRETS_FOLDER;
  const roles = loginRoles(topology).map((role) => role.name);
  const complete = completeSecrets(await readKnownSecrets(folder), roles);
  await noteSecrets(folder, complete);
  const files = secretFiles({
    services: topology,
    system: SYSTEM_ROLES,
    secrets: complete,
    address: config.DATABASE_ADDRESS,
  });
  await writeSecretFiles(folder, files);
  logger('keeper').info({ folder, files: files.size }, 'secrets are written');
}
