import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { loginRoles, SYSTEM_ROLES } from '../access/fleet-roles.js';
import { completeSecrets } from './fleet-secrets.js';
import { secretFiles } from './secret-files.js';
import { noteSecrets, readKnownSecrets, writeSecretFiles } from './secret-folder.js';

const roles = loginRoles(topology).map((role) => role.name);
const filesOf = (secrets = completeSecrets({}, roles)) =>
  secretFiles({ services: topology, system: SYSTEM_ROLES, secrets, address: 'db:5432' });

describe('the secrets of an installation', () => {
  it('are a password of its own for every role', () => {
    const made = completeSecrets({}, roles);
    const all = [made.superuser, made.fraudKey, ...Object.values(made.roles)];
    expect(Object.keys(made.roles)).toEqual(roles);
    expect(new Set(all).size).toBe(roles.length + 2);
    for (const each of all) expect(each).toMatch(/^[\w-]{24}$/);
  });

  it('keep what is known and make what a new service needs', () => {
    const known = completeSecrets({}, roles);
    const more = completeSecrets(known, [...roles, 'shipping_app']);
    expect(more).toMatchObject(known);
    expect(more.roles['shipping_app']).toMatch(/^[\w-]{24}$/);
  });

  it('are told to each reader alone: no service sees what another connects with', () => {
    const secrets = completeSecrets({}, roles);
    const readers = Map.groupBy(filesOf(secrets), ([path]) => path.split('/')[0] ?? '');
    for (const { name } of topology) {
      const seen = (readers.get(name) ?? []).map(([, content]) => content).join('\n');
      const known = Object.entries(secrets.roles).filter(([, password]) => seen.includes(password));
      expect(known.map(([role]) => role)).toEqual([`${name.replaceAll('-', '_')}_app`]);
      expect(seen).not.toContain(secrets.superuser);
    }
  });

  it('give the migrations of a service the role that owns its schema', () => {
    const secrets = completeSecrets({}, roles);
    expect(filesOf(secrets).get('setup/feature-store-database-url')).toBe(
      `postgres://feature_store_owner:${secrets.roles['feature_store_owner']}@db:5432/millrace`,
    );
  });
});

describe('the folder of secrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what an earlier run noted, for its owner alone', async () => {
    await expect(readKnownSecrets(folder)).resolves.toEqual({});
    const secrets = completeSecrets({}, roles);
    await noteSecrets(folder, secrets);
    await expect(readKnownSecrets(folder)).resolves.toEqual(secrets);
    expect(statSync(join(folder, 'setup/secrets.json')).mode & 0o777).toBe(0o400);
  });

  it('holds files that any reader of its folder can read, also when they are written again', async () => {
    await writeSecretFiles(folder, new Map([['order/database-url', 'first']]));
    await writeSecretFiles(folder, new Map([['order/database-url', 'second']]));
    const path = join(folder, 'order/database-url');
    expect(readFileSync(path, 'utf8')).toBe('second\n');
    expect(statSync(path).mode & 0o777).toBe(0o444);
  });
});
