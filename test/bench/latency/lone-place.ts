import { appRole } from '@millrace/contracts';
import { DatabaseSetup } from 'pg-transactional-outbox';
import type { BenchStack } from '../harness/bench-stack.js';
import { withDatabase } from '../harness/database.js';

/** Schema of the library's tables, and of the moments at which events were committed. */
export const LONE_SCHEMA = 'bench_outbox';

/** Publication and slot that the library reads in its replication mode. */
export const LONE_SLOT = 'bench_outbox';

/** Function by which the library takes its next messages in its polling mode. */
export const NEXT_MESSAGES = 'next_outbox_messages';

const SETUP = {
  outboxOrInbox: 'outbox',
  database: 'millrace',
  schema: LONE_SCHEMA,
  table: 'outbox',
  listenerRole: 'postgres',
  nextMessagesName: NEXT_MESSAGES,
  publication: LONE_SLOT,
  replicationSlot: LONE_SLOT,
} as const;

/** The tables of the comparison of single consumers; the library's are made by its own setup. */
export class LonePlace {
  private constructor(private readonly url: string) {}

  /** Makes them; our consumer's role may write the inbox too. */
  static async make({ local }: BenchStack): Promise<LonePlace> {
    const place = new LonePlace(local.postgres);
    await place.drop();
    await withDatabase(place.url, async (client) => {
      await client.query(DatabaseSetup.dropAndCreateTable(SETUP));
      await client.query(DatabaseSetup.createPollingFunction(SETUP));
      await client.query(DatabaseSetup.setupPollingIndexes(SETUP));
      await client.query(DatabaseSetup.setupReplicationCore(SETUP));
      await client.query(`
        CREATE TABLE ${LONE_SCHEMA}.committed (event_id uuid PRIMARY KEY);
        CREATE TABLE ${LONE_SCHEMA}.effect (event_id uuid PRIMARY KEY);
        GRANT USAGE ON SCHEMA ${LONE_SCHEMA} TO ${appRole('feature-store')};
        GRANT SELECT, INSERT ON ${LONE_SCHEMA}.effect TO ${appRole('feature-store')}`);
    });
    await withDatabase(place.url, (client) => client.query(DatabaseSetup.setupReplicationSlot(SETUP)));
    return place;
  }

  /** Empties the tables, and lets the slot forget what was in them. */
  async clear(): Promise<void> {
    await withDatabase(this.url, async (client) => {
      await client.query(`TRUNCATE ${LONE_SCHEMA}.outbox, ${LONE_SCHEMA}.committed, ${LONE_SCHEMA}.effect`);
      await client.query(`SELECT pg_replication_slot_advance('${LONE_SLOT}', pg_current_wal_lsn())`);
    });
  }

  /** Milliseconds from the commit of each event to the commit of its effect, of those events that have one. */
  async times(events: readonly string[]): Promise<number[]> {
    return withDatabase(this.url, async (client) => {
      const { rows } = await client.query<{ ms: number }>(
        `SELECT (1000 * extract(epoch FROM pg_xact_commit_timestamp(e.xmin) - pg_xact_commit_timestamp(c.xmin)))
                  ::double precision AS ms
           FROM ${LONE_SCHEMA}.committed c JOIN ${LONE_SCHEMA}.effect e USING (event_id)
          WHERE c.event_id = ANY ($1::uuid[])`,
        [events],
      );
      return rows.map(({ ms }) => ms);
    });
  }

  /** Removes schema, publication and slot. */
  async drop(): Promise<void> {
    await withDatabase(this.url, async (client) => {
      await client.query(
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${LONE_SLOT}'`,
      );
      await client.query(`DROP PUBLICATION IF EXISTS ${LONE_SLOT}`);
      await client.query(`DROP SCHEMA IF EXISTS ${LONE_SCHEMA} CASCADE`);
    });
  }
}
