import { schemaOf } from '@millrace/contracts';
import { createDataSource, runMigrations } from '@millrace/persistence';
import { migrations } from '../../../apps/order/src/migrations/index.js';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { withDatabase } from '../harness/database.js';

/** Schema of our order service; it names it itself. */
export const OURS = schemaOf('order');

/** Schema of the peer. */
export const PEERS = 'save_peer';

/** Replication slot that our service wants to see; nobody reads from it. */
export const SLOT = 'bench_intake';

const DATABASE = 'bench_intake';

/** Log that the fleet's slot may still keep before Postgres gives it up. */
const LEAST_ROOM = 2 * 2 ** 30;
const RELIEVED_WITHIN_MS = 120_000;

/** Rows that an intake has left. */
export interface IntakeRows {
  readonly orders: number;
  readonly lines: number;
  readonly events: number;
}

/**
 * A database of its own on the stack's server, so that the fleet never sees these orders: two schemas with the very
 * same tables, keys and indexes, made by the order service's own migrations.
 */
export class IntakePlace {
  private constructor(
    /** Connection string of the database. */
    readonly url: string,
    private readonly stack: BenchStack,
  ) {}

  /** Makes the database, with publication and slot as the order service wants them. */
  static async make(stack: BenchStack): Promise<IntakePlace> {
    const url = new URL(stack.local.postgres);
    url.pathname = `/${DATABASE}`;
    const place = new IntakePlace(url.href, stack);
    await place.drop();
    await withDatabase(stack.local.postgres, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
    for (const schema of [OURS, PEERS]) await place.makeTables(schema);
    await withDatabase(place.url, async (client) => {
      await client.query(
        `CREATE PUBLICATION millrace_outbox FOR TABLE "${OURS}".outbox
           WITH (publish = 'insert', publish_via_partition_root = true)`,
      );
      await client.query(`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
    });
    return place;
  }

  /** Empties a schema, and leaves the server nothing to write of what came before. */
  async clear(schema: string): Promise<void> {
    await this.relieveSlot();
    await withDatabase(this.url, async (client) => {
      await client.query(`TRUNCATE "${schema}".orders, "${schema}".outbox CASCADE`);
      await client.query(`SELECT pg_replication_slot_advance('${SLOT}', pg_current_wal_lsn())`);
      await client.query('CHECKPOINT');
    });
  }

  /** What is in a schema now. */
  async rows(schema: string): Promise<IntakeRows> {
    return withDatabase(this.url, async (client) => {
      const count = async (table: string) => {
        const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM "${schema}".${table}`);
        return Number(rows[0]?.n);
      };
      return {
        orders: await count('orders'),
        lines: await count('order_line'),
        events: await count('outbox'),
      };
    });
  }

  /** Removes slot and database. */
  async drop(): Promise<void> {
    await withDatabase(this.stack.local.postgres, async (client) => {
      await client.query(
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${SLOT}'`,
      );
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    });
  }

  /** While capture rests, the fleet's slot keeps the log; before that is too much, capture reads on for a moment. */
  private async relieveSlot(): Promise<void> {
    if ((await this.room()) >= LEAST_ROOM) return;
    const deadline = Date.now() + RELIEVED_WITHIN_MS;
    await this.stack.capture(true);
    while ((await this.room()) < LEAST_ROOM) {
      if (Date.now() > deadline) throw new BenchError('CONTESTANT', 'capture does not read its slot on');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await this.stack.capture(false);
  }

  private async room(): Promise<number> {
    return withDatabase(this.url, async (client) => {
      const { rows } = await client.query<{ room: string | null }>(
        `SELECT min(safe_wal_size) AS room FROM pg_replication_slots WHERE slot_name <> '${SLOT}'`,
      );
      return Number(rows[0]?.room ?? Number.POSITIVE_INFINITY);
    });
  }

  private async makeTables(schema: string): Promise<void> {
    await withDatabase(this.url, (client) => client.query(`CREATE SCHEMA "${schema}"`));
    const dataSource = createDataSource({ url: this.url, schema, migrations, applicationName: 'bench' });
    await dataSource.initialize();
    try {
      await runMigrations(dataSource, schema);
      // The keeper makes daily partitions; a run lasts minutes.
      await dataSource.query('CREATE TABLE outbox_default PARTITION OF outbox DEFAULT');
    } finally {
      await dataSource.destroy();
    }
  }
}
