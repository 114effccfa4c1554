import { appRole, heartbeatTopic, schemaOf, topicsOf, type TopicSpecification } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { TestFleet } from '../testing/fleet.fixture.js';
import { outboxesOf, PUBLICATION } from './capture-names.js';
import { captureProblem } from './capture-problem.js';
import { prepareCapture, type CaptureReport } from './prepare-capture.js';

const noTopics = { topics: async () => [], createTopics: async () => [] };

class TopicNames {
  readonly #names = new Set<string>();

  async topics(): Promise<string[]> {
    return [...this.#names];
  }

  async createTopics(wanted: readonly TopicSpecification[]): Promise<string[]> {
    const missing = wanted.map(({ name }) => name).filter((name) => !this.#names.has(name));
    for (const name of missing) this.#names.add(name);
    return missing;
  }
}

// each test goes on from where the one before it left the database, as setups do in the life of a fleet
describe('preparing capture', () => {
  let fleet: TestFleet;
  let admin: Client;
  let service: Client;
  let keeper: Client;
  const topics = new TopicNames();

  beforeAll(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    admin = await fleet.connect();
    await fleet.migrate(fleet.order);
    await fleet.migrate(fleet.fraud);
    service = await fleet.connect(appRole(fleet.order.name));
    keeper = await fleet.connect(fleet.system.keeper);
  });

  afterAll(() => fleet.drop());

  function prepare(client = admin, services = [fleet.order, fleet.fraud]): Promise<CaptureReport> {
    const { slot, system } = fleet;
    const options = { services, slot, captureRole: system.capture, topicPrefix: 'm', now: Date.now() };
    return prepareCapture(client, topics, options);
  }

  const problem = () => captureProblem(keeper, outboxesOf([fleet.order, fleet.fraud]), fleet.slot);

  it('says whose migration must run first, and makes neither publication nor slot', async () => {
    const { name } = fleet.inventory;
    await expect(prepare(admin, fleet.services)).rejects.toThrow(
      `${schemaOf(name)}.outbox, ${schemaOf(name)}.inbox do not exist as partitioned tables: run apps/${name}/dist/migrate.js`,
    );
    expect(await problem()).toBe(
      `publication ${PUBLICATION} does not cover every outbox: run keeper capture`,
    );
    const { rowCount } = await admin.query('SELECT FROM pg_replication_slots WHERE slot_name = $1', [
      fleet.slot,
    ]);
    expect(rowCount).toBe(0);
  });

  it('makes partitions, publication, slot and topics, when two do it at once just one time', async () => {
    const reports = await Promise.all([prepare(), prepare(await fleet.connect())]);
    const [first, second] = reports.sort((a, b) => b.topics.length - a.topics.length);
    const wanted = [...topicsOf([fleet.order, fleet.fraud]), heartbeatTopic('m')].map(({ name }) => name);
    expect(first).toMatchObject({ publication: 'created', slot: 'created', topics: wanted });
    expect(second).toEqual({ partitions: [], publication: 'unchanged', slot: 'unchanged', topics: [] });
  });

  it('lets every service see that publication and slot are there', async () => {
    expect(await problem()).toBeUndefined();
    const { rows } = await service.query(
      `SELECT plugin, slot_type, failover, database = current_database() AS here
         FROM pg_replication_slots WHERE slot_name = $1`,
      [fleet.slot],
    );
    expect(rows).toEqual([{ plugin: 'pgoutput', slot_type: 'logical', failover: true, here: true }]);
  });

  it('publishes the inserts into every partition under the name of the outbox', async () => {
    const [from, to] = ['2031-01-01', '2031-01-02'];
    const schema = schemaOf(fleet.order.name);
    await admin.query(
      `CREATE TABLE ${schema}.outbox_later PARTITION OF ${schema}.outbox FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
    for (const at of ['now()', `'${from}'`]) await service.query(insertOutbox(at));
    const { rows } = await service.query(
      `SELECT tableoid::regclass::text AS name, 'outbox'::regclass::oid::int AS root FROM outbox`,
    );
    expect(new Set(rows.map(({ name }) => name)).size).toBe(2);
    const inserts = (await decode()).filter(({ kind }) => kind === 'I');
    expect(inserts.map(({ relation }) => relation)).toEqual(rows.map(({ root }) => root));
  });

  it('publishes neither updates nor deletes nor the inbox', async () => {
    await service.query(`UPDATE outbox SET payload = 'changed payload'`);
    await service.query('DELETE FROM outbox');
    const fraud = await fleet.connect(appRole(fleet.fraud.name));
    await fraud.query(`INSERT INTO inbox VALUES ('g', uuidv7(), now(), now())`);
    const changes = (await decode()).filter(({ kind }) => 'IUDT'.includes(kind));
    expect(changes.map(({ kind }) => kind)).toEqual(['I', 'I']);
  });

  it('lets capture read the outboxes and nothing beside them', async () => {
    const capture = await fleet.connect(fleet.system.capture);
    const fraud = schemaOf(fleet.fraud.name);
    await expect(capture.query(`SELECT FROM ${fraud}.outbox`)).resolves.toBeDefined();
    await expect(
      capture.query(`SELECT pg_logical_emit_message(false, 'hb', now()::text)`),
    ).resolves.toBeDefined();
    for (const statement of [
      `SELECT FROM ${fraud}.inbox`,
      `SELECT FROM ${fraud}.failed_event`,
      `DELETE FROM ${fraud}.outbox`,
    ]) {
      await expect(capture.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('adds the outbox of a producer that joins, and keeps the slot', async () => {
    await fleet.migrate(fleet.inventory);
    expect(await captureProblem(keeper, outboxesOf(fleet.services), fleet.slot)).toContain('does not cover');
    expect(await prepare(admin, fleet.services)).toMatchObject({ publication: 'altered', slot: 'unchanged' });
    expect(await captureProblem(keeper, outboxesOf(fleet.services), fleet.slot)).toBeUndefined();
  });

  it('mends a publication that publishes more than inserts', async () => {
    await admin.query(`ALTER PUBLICATION ${PUBLICATION} SET (publish = 'insert, delete')`);
    expect(await prepare(admin, fleet.services)).toMatchObject({ publication: 'altered' });
    expect(await prepare(admin, fleet.services)).toMatchObject({ publication: 'unchanged' });
  });

  it('refuses a slot of another database', async () => {
    const other = await TestFleet.create(stack.postgres);
    try {
      await other.grantAccess();
      const options = {
        services: [],
        slot: fleet.slot,
        captureRole: other.system.capture,
        topicPrefix: 'm',
        now: 0,
      };
      await (
        await other.connect()
      ).query(
        `CREATE PUBLICATION ${PUBLICATION} WITH (publish = 'insert', publish_via_partition_root = true)`,
      );
      await expect(prepareCapture(await other.connect(), noTopics, options)).rejects.toThrow(
        `Replication slot ${fleet.slot} belongs to another database of this server`,
      );
    } finally {
      await other.drop();
    }
  });

  it('is incomplete again when the slot is dropped, and makes no new one that would hide it', async () => {
    await admin.query('SELECT pg_drop_replication_slot($1)', [fleet.slot]);
    expect(await problem()).toBe(`replication slot ${fleet.slot} does not exist: run keeper recover`);
    await expect(prepare()).rejects.toThrow(/is gone, so events .* were not captured: run keeper recover/);
  });

  /** Messages that the slot has to give: their kind and, for a change, the table that it is published under. */
  async function decode(): Promise<{ kind: string; relation: number }[]> {
    const { rows } = await admin.query<{ data: Buffer }>(
      `SELECT data FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', $2)`,
      [fleet.slot, PUBLICATION],
    );
    return rows.map(({ data }) => ({ kind: data.toString('latin1', 0, 1), relation: data.readUInt32BE(1) }));
  }

  function insertOutbox(occurredAt: string): string {
    return `INSERT INTO outbox
      (aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id, content_type, payload, traceparent,
       occurred_at)
      VALUES ('order', '1', 'order.created', 't', 's', 'd', 'c', 'application/json', 'payload of now', '00-', ${occurredAt})`;
  }
});
