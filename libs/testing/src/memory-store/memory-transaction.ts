import type { Transaction } from '@millrace/messaging';
import type { MemoryTables, MemoryTable } from './memory-tables.js';

/** Error of a transaction whose connection is gone, of the class that the real driver's has. */
class TransactionOverError extends Error {
  readonly code = 'ECONNRESET';
  override readonly name = 'TransactionOverError';
}

/**
 * A transaction in memory: it sees what is committed and what it wrote itself, and others see what it wrote when it
 * commits. Locks are held to its end.
 */
export class MemoryTransaction implements Transaction {
  /** Parameters of the statements that it ran: the effects of its handlers. */
  readonly effects: unknown[] = [];
  private readonly writes = new Map<MemoryTable<object>, Map<string, object | undefined>>();
  private over = false;

  constructor(readonly tables: MemoryTables) {}

  async query<Row extends object>(_sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.assertOpen();
    this.effects.push(...parameters);
    return [];
  }

  write(sql: string, parameters?: readonly unknown[]): void {
    void this.query(sql, parameters);
  }

  get<Row extends object>(table: MemoryTable<Row>, key: string): Row | undefined {
    const own = this.writes.get(table);
    return own?.has(key) ? (own.get(key) as Row | undefined) : table.rows.get(key);
  }

  all<Row extends object>(table: MemoryTable<Row>): Row[] {
    const own = this.writes.get(table);
    if (!own) return [...table.rows.values()];
    const seen = new Map<string, object | undefined>([...table.rows, ...own]);
    return [...seen.values()].filter((row) => row !== undefined) as Row[];
  }

  put<Row extends object>(table: MemoryTable<Row>, key: string, row: Row | undefined): void {
    this.assertOpen();
    const own = this.writes.get(table) ?? new Map<string, object | undefined>();
    this.writes.set(table, own.set(key, row));
  }

  /** Waits until nobody else holds that lock; undefined when there is nothing to wait for. */
  lock(name: string): Promise<void> | undefined {
    this.assertOpen();
    return this.tables.locks.lock(this, name);
  }

  tryLock(name: string): boolean {
    this.assertOpen();
    return this.tables.locks.tryLock(this, name);
  }

  unlock(name: string): void {
    this.tables.locks.release(this, name);
  }

  commit(): void {
    this.assertOpen();
    for (const [table, rows] of this.writes) for (const [key, row] of rows) table.write(key, row);
    this.end();
  }

  /** Ends it, without its writes unless they are committed; whatever it is asked afterwards fails. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.tables.locks.end(this, new TransactionOverError('the transaction is over'));
  }

  private assertOpen(): void {
    if (this.over) throw new TransactionOverError('the transaction is over');
  }
}

/** The transaction behind the port's type; throws when it is not one of a store in memory. */
export function memoryTransaction(tx: Transaction): MemoryTransaction {
  if (tx instanceof MemoryTransaction) return tx;
  throw new TypeError('this transaction was not opened by a MemoryConsumerStore');
}
