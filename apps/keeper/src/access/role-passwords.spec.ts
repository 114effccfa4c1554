import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topology } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loginRoles } from './fleet-roles.js';
import { readRolePasswords } from './role-passwords.js';

describe('the roles of the fleet', () => {
  it('are an owner and an app role per service, one for capture and one for the keeper', () => {
    const roles = loginRoles(topology);
    expect(roles).toHaveLength(topology.length * 2 + 2);
    expect(roles).toContainEqual({ name: 'feature_store_app', replication: false, schema: 'feature_store' });
    expect(roles.filter((role) => role.replication).map((role) => role.name)).toEqual(['millrace_capture']);
    expect(roles.at(-1)).toEqual({ name: 'millrace_keeper', replication: false });
  });
});

describe('the file of role passwords', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passwords-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function reading(content: string): Promise<string> {
    const path = join(folder, 'passwords.json');
    await writeFile(path, content);
    return readRolePasswords(path, ['order_app', 'fraud_app']).then(
      (passwords) => [...passwords].join(' '),
      (error: Error) => error.message,
    );
  }

  it('gives the passwords of the roles that are asked for, whatever else it holds', async () => {
    const file = { order_app: 'a b', fraud_app: 'c', superuser: { password: 'x' } };
    expect(await reading(JSON.stringify(file))).toBe('order_app,a b fraud_app,c');
  });

  it.each([
    ['lacks a role', '{"order_app":"secret"}', /^No password of printable ASCII for fraud_app\. /],
    ['has empty or strange ones', '{"order_app":"","fraud_app":"gehéim"}', /for order_app, fraud_app\. /],
    ['is no object', 'null', /is no JSON object/],
    ['is no JSON', 'order_app=secret', /is no JSON object/],
  ])('that %s is refused without telling a password', async (_how, content, message) => {
    const told = await reading(content);
    expect(told).toMatch(message);
    expect(told).not.toMatch(/secret|gehéim/);
  });

  it('that is not there is refused with its path', async () => {
    await expect(readRolePasswords('/nowhere/p.json', [])).rejects.toThrow(
      'cannot be read (/nowhere/p.json)',
    );
  });
});
