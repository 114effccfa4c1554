import type { Transaction } from '@millrace/messaging';
import { createDataSource, PostgresConsumerStore } from '@millrace/persistence';
import type { Pool, PoolClient } from 'pg';

/**
 * The inbox statement of the runtime, letter for letter because its own store writes it, in a transaction on a bare
 * `pg` pool. The store's data source is never connected.
 */
export class InboxClaim {
  private readonly store: PostgresConsumerStore;

  constructor(
    private readonly pool: Pool,
    private readonly group: string,
  ) {
    const nowhere = { url: 'postgres://127.0.0.1/unused', schema: 'unused', applicationName: 'unused' };
    this.store = new PostgresConsumerStore(createDataSource(nowhere));
  }

  /** Claims events, lets the effect happen and commits; resolves with how many of them were fresh. */
  async claim(
    events: readonly { readonly id: string; readonly data: unknown }[],
    effect: (tx: Transaction) => void | Promise<void>,
  ): Promise<number> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const now = Date.now();
      const entries = events.map(({ id }) => ({ eventId: id, receivedAt: now }));
      const written: Promise<unknown>[] = [];
      const tx = preparing(client, written);
      const claims = await this.store.claim(tx, this.group, entries, now);
      await effect(tx);
      await Promise.all(written);
      await client.query('COMMIT');
      return claims.filter(isFresh).length;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}

function isFresh({ standing }: { readonly standing: string }): boolean {
  return standing === 'fresh';
}

const names = new Map<string, string>();

/** Runs statements prepared, once per connection, as the runtime does; what is written must be waited for. */
function preparing(client: PoolClient, written: Promise<unknown>[]): Transaction {
  const send = <Row extends object>(text: string, parameters: readonly unknown[] = []) => {
    const name = names.get(text) ?? `inbox-${names.size}`;
    names.set(text, name);
    return client.query<Row>({ name, text, values: [...parameters] });
  };
  return {
    query: async <Row extends object>(text: string, parameters?: readonly unknown[]) =>
      (await send<Row>(text, parameters)).rows,
    write: (text, parameters) => void written.push(send(text, parameters)),
  };
}
