import { randomBytes } from 'node:crypto';
import { ownerRole, schemaOf, serviceNamed, type ServiceTopology } from '@millrace/contracts';
import { OutboxTable1 } from '@millrace/outbox';
import { consumerMigrations, runMigrations } from '@millrace/persistence';
import { testDataSource } from '@millrace/testing';
import { Client } from 'pg';
import { loginRoles, type SystemRoles } from '../access/fleet-roles.js';
import { grantAccess } from '../access/grant-access.js';

/**
 * A fleet of three services in a database of its own. Roles and slots belong to the whole server, so all of its names
 * begin with a word of its own, and `drop` removes them.
 */
export class TestFleet {
  readonly #word = `k${randomBytes(4).toString('hex')}`;
  readonly #clients: Client[] = [];
  readonly order = this.#named('order');
  readonly fraud = this.#named('fraud');
  readonly inventory = this.#named('inventory');
  readonly services = [this.order, this.fraud, this.inventory];
  readonly system: SystemRoles = { capture: `${this.#word}_capture`, keeper: `${this.#word}_keeper` };
  readonly slot = `${this.#word}_slot`;
  readonly passwords = new Map(
    loginRoles(this.services, this.system).map(({ name }) => [name, `of ${name}`]),
  );

  private constructor(private readonly server: string) {}

  /** Makes the database, empty, on the server of a superuser's connection string. */
  static async create(server: string): Promise<TestFleet> {
    const fleet = new TestFleet(server);
    await fleet.#onServer([`CREATE DATABASE ${fleet.#word}`]);
    return fleet;
  }

  /** A connection to the database as a role, the superuser by default; ended by `drop`. */
  async connect(role?: string, password = role && this.passwords.get(role)): Promise<Client> {
    const client = new Client({ connectionString: this.#url(role, password) });
    client.on('error', () => undefined);
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  /** Schema of a service. */
  schema(service: ServiceTopology): string {
    return schemaOf(service.name);
  }

  /** Connection string of a role. */
  url(role: string): string {
    return this.#url(role, this.passwords.get(role));
  }

  /** Makes roles and schemas as the keeper does. */
  async grantAccess(): Promise<void> {
    await grantAccess(await this.connect(), this);
  }

  /** Runs the tables' migrations of a service as its owner. */
  async migrate(service: ServiceTopology): Promise<void> {
    const owner = ownerRole(service.name);
    const dataSource = testDataSource({
      url: this.#url(owner, this.passwords.get(owner)),
      schema: schemaOf(service.name),
      migrations: [
        ...(service.produces.length > 0 ? [OutboxTable1] : []),
        ...(service.consumes.length > 0 ? consumerMigrations : []),
      ],
      poolSize: 2,
    });
    await dataSource.initialize();
    try {
      await runMigrations(dataSource, schemaOf(service.name));
    } finally {
      await dataSource.destroy();
    }
  }

  /** Removes slot, database and roles. */
  async drop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
    await this.#onServer([
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${this.slot}'`,
      `DROP DATABASE ${this.#word} WITH (FORCE)`,
      `DROP ROLE IF EXISTS ${[...this.passwords.keys()].join(', ')}`,
    ]);
  }

  #named(service: string): ServiceTopology {
    return { ...serviceNamed(service), name: `${this.#word}-${service}` };
  }

  #url(role?: string, password?: string): string {
    const url = new URL(this.server);
    url.pathname = `/${this.#word}`;
    if (role) [url.username, url.password] = [role, encodeURIComponent(password ?? '')];
    return url.toString();
  }

  async #onServer(statements: readonly string[]): Promise<void> {
    const client = new Client({ connectionString: this.server });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
