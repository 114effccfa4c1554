import type { ConsumerStore, InboxEntry } from '@millrace/messaging';
import { PostgresConsumerStore } from '@millrace/persistence';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { createTestDatabase, testDataSource, type TestDatabase } from '../test-database.js';
import type { ConsumerSubject } from './consumer-subject.js';

type DataSource = TestDatabase['dataSource'];

/** Turns the store that a consumer works with into another one; a sabotage for the kit's own tests. */
export type StoreWrapper = (store: ConsumerStore) => ConsumerStore;

/** A subject's own database, which its consumer reaches only through a proxy that a test may cut. */
export class SubjectDatabase {
  /** Consumer's own memory, as its runtime uses it. */
  readonly store: ConsumerStore;
  private busy = 0;
  private claims: string[] = [];

  private constructor(
    private readonly subject: ConsumerSubject,
    private readonly direct: TestDatabase,
    private readonly proxy: TcpProxy,
    /** Data source of the consumer. */
    readonly dataSource: DataSource,
    wrap: StoreWrapper,
  ) {
    this.store = this.watched(wrap(new PostgresConsumerStore(dataSource)));
  }

  /** Makes the database with the subject's migrations on that server. */
  static async create(
    subject: ConsumerSubject,
    postgres: string,
    wrap: StoreWrapper = (store) => store,
  ): Promise<SubjectDatabase> {
    const { schema, migrations } = subject;
    const direct = await createTestDatabase(postgres, { schema, migrations });
    const url = new URL(direct.url);
    const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.host = proxy.address;
    const dataSource = await testDataSource({ url: url.toString(), schema }).initialize();
    return new SubjectDatabase(subject, direct, proxy, dataSource, wrap);
  }

  /** True while the consumer waits for the database. */
  get isBusy(): boolean {
    return this.busy > 0;
  }

  /** How often an event was claimed, or was asked about, from a source topic: once per delivery and try. */
  claimsOf(eventId: string): number {
    return this.claims.filter((id) => id === eventId).length;
  }

  /** The given events, as often as each took effect, sorted. */
  async effectsOf(eventIds: readonly string[]): Promise<string[]> {
    const rows = await this.rows<{ event_id: string }>(
      `SELECT event_id FROM (${this.subject.effects}) AS effect WHERE event_id = ANY ($1::uuid[]) ORDER BY 1`,
      [eventIds],
    );
    return rows.map(({ event_id }) => event_id);
  }

  /** Rows of one statement, past the proxy. */
  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.direct.dataSource.query<Row[]>(sql, [...parameters]);
  }

  /** Forgets what earlier cases left behind. */
  async clear(): Promise<void> {
    this.claims = [];
    await this.rows('TRUNCATE inbox, failed_event, parked_key, parked_event, replay, replay_event');
  }

  /** The database is away: connections break and new ones are refused. */
  async cut(): Promise<void> {
    await this.proxy.cut();
  }

  /** The database is back. */
  async restore(): Promise<void> {
    await this.proxy.restore();
  }

  async drop(): Promise<void> {
    await this.dataSource.destroy();
    await this.proxy.close();
    await this.direct.drop();
  }

  private watched(store: ConsumerStore): ConsumerStore {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (name === 'claim') this.claims.push(...(given[2] as InboxEntry[]).map(({ eventId }) => eventId));
          return this.during(Reflect.apply(member, target, given) as Promise<unknown>);
        };
      },
    });
  }

  private async during(work: Promise<unknown>): Promise<unknown> {
    this.busy += 1;
    try {
      return await work;
    } finally {
      this.busy -= 1;
    }
  }
}
