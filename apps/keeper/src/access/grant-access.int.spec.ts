import { appRole, ownerRole, schemaOf } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { TestFleet } from '../testing/fleet.fixture.js';
import { grantAccess } from './grant-access.js';

const DENIED = { code: '42501' };

describe('access to the database', () => {
  let fleet: TestFleet;
  let fraudApp: Client;
  let fraudOwner: Client;
  let inventorySchema: string;

  beforeAll(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    fraudOwner = await fleet.connect(ownerRole(fleet.fraud.name));
    fraudApp = await fleet.connect(appRole(fleet.fraud.name));
    inventorySchema = schemaOf(fleet.inventory.name);
    const inventoryOwner = await fleet.connect(ownerRole(fleet.inventory.name));
    await inventoryOwner.query('CREATE TABLE stock (sku text)');
    await fraudOwner.query('CREATE TABLE assessment (id bigint GENERATED ALWAYS AS IDENTITY, outcome text)');
  });

  afterAll(() => fleet.drop());

  it('lets a service read and write the rows of what its owner made, by unqualified names', async () => {
    await fraudApp.query(`INSERT INTO assessment (outcome) VALUES ('approve'), ('review')`);
    await fraudApp.query(`UPDATE assessment SET outcome = 'decline' WHERE id = 1`);
    await fraudApp.query('DELETE FROM assessment WHERE id = 2');
    const { rows } = await fraudApp.query('SELECT outcome, tableoid::regclass::text AS name FROM assessment');
    expect(rows).toEqual([{ outcome: 'decline', name: 'assessment' }]);
  });

  it("keeps fraud_app out of inventory's schema", async () => {
    await expect(fraudApp.query(`SELECT FROM ${inventorySchema}.stock`)).rejects.toMatchObject(DENIED);
    await expect(fraudOwner.query(`SELECT FROM ${inventorySchema}.stock`)).rejects.toMatchObject(DENIED);
    await expect(fraudApp.query(`SET ROLE ${ownerRole(fleet.inventory.name)}`)).rejects.toMatchObject(DENIED);
  });

  it.each([
    ['make a table in its schema', 'CREATE TABLE mine (id int)'],
    ['make a table in public', 'CREATE TABLE public.mine (id int)'],
    ['make a schema', 'CREATE SCHEMA mine'],
    ['change a table', 'ALTER TABLE assessment ADD extra text'],
    ['empty a table', 'TRUNCATE assessment'],
    ['make a slot', `SELECT pg_create_logical_replication_slot('mine', 'pgoutput')`],
  ])('does not let a service %s', async (_what, statement) => {
    await expect(fraudApp.query(statement)).rejects.toMatchObject(DENIED);
  });

  it('lets the keeper become an owner, and act with its rights only then', async () => {
    const keeper = await fleet.connect(fleet.system.keeper);
    const reading = `SELECT FROM ${inventorySchema}.stock`;
    await expect(keeper.query(reading)).rejects.toMatchObject(DENIED);
    await keeper.query(`SET ROLE ${ownerRole(fleet.inventory.name)}`);
    await expect(keeper.query(reading)).resolves.toMatchObject({ rowCount: 0 });
  });

  it('lets capture replicate and the keeper monitor, and nobody do more', async () => {
    const admin = await fleet.connect();
    const { rows } = await admin.query(
      `SELECT rolname AS name, rolreplication AS replicates, pg_has_role(oid, 'pg_monitor', 'usage') AS monitors
         FROM pg_roles
        WHERE rolname = ANY ($1) AND (rolreplication OR pg_has_role(oid, 'pg_monitor', 'usage')
              OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR NOT rolcanlogin)
        ORDER BY rolname`,
      [[...fleet.passwords.keys()]],
    );
    expect(rows).toEqual([
      { name: fleet.system.capture, replicates: true, monitors: false },
      { name: fleet.system.keeper, replicates: false, monitors: true },
    ]);
  });

  it('changes nothing when it runs again', async () => {
    const admin = await fleet.connect();
    const before = await accessAsItIs(admin, [...fleet.passwords.keys()]);
    expect(await grantAccess(admin, fleet)).toEqual([]);
    expect(await accessAsItIs(admin, [...fleet.passwords.keys()])).toEqual(before);
    expect(before.length).toBeGreaterThan(20);
  });

  it('sets a changed password again, and that one alone', async () => {
    const role = appRole(fleet.order.name);
    const passwords = new Map(fleet.passwords).set(role, 'another');
    const { services, system } = fleet;
    expect(await grantAccess(await fleet.connect(), { services, system, passwords })).toEqual([role]);
    await expect(fleet.connect(role, 'another')).resolves.toBeDefined();
    await expect(fleet.connect(role)).rejects.toMatchObject({ code: '28P01' });
  });

  it('takes rights away that somebody gave a role by hand', async () => {
    const admin = await fleet.connect();
    const role = appRole(fleet.inventory.name);
    await admin.query(`ALTER ROLE ${role} CREATEROLE REPLICATION`);
    expect(await grantAccess(admin, fleet)).toContain(role);
    expect(await grantAccess(admin, fleet)).toEqual([]);
  });
});

describe('access granted by two at once', () => {
  it('is granted once, and the second finds nothing to do', async () => {
    const fleet = await TestFleet.create(stack.postgres);
    try {
      const clients = [await fleet.connect(), await fleet.connect()];
      const changes = await Promise.all(clients.map((client) => grantAccess(client, fleet)));
      expect(changes.map((changed) => changed.length).sort()).toEqual([0, fleet.passwords.size]);
    } finally {
      await fleet.drop();
    }
  });
});

/** Every fact about access as a line of text: attributes, passwords, memberships, settings, rights. */
async function accessAsItIs(client: Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ fact: string }>(
    `SELECT fact FROM (
       SELECT to_jsonb(r)::text FROM pg_authid r WHERE rolname = ANY ($1)
       UNION ALL SELECT to_jsonb(m)::text FROM pg_auth_members m
        WHERE member IN (SELECT oid FROM pg_roles WHERE rolname = ANY ($1))
       UNION ALL SELECT to_jsonb(s)::text FROM pg_db_role_setting s
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
       UNION ALL SELECT to_jsonb(n)::text FROM pg_namespace n
       UNION ALL SELECT to_jsonb(d)::text FROM pg_default_acl d
       UNION ALL SELECT relname || relacl::text FROM pg_class WHERE relacl IS NOT NULL
     ) AS facts (fact)
     ORDER BY fact`,
    [roles],
  );
  return rows.map((row) => row.fact);
}
