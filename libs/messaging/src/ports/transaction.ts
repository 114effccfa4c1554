/**
 * The database transaction that an effect is part of. Handlers write only through it, so that effect, inbox
 * row and outbox rows commit or vanish together.
 */
export interface Transaction {
  /** Runs one statement with numbered parameters (`$1`) and returns its rows. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;
}
