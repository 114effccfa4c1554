/**
 * The database transaction that an effect is part of. Handlers write only through it, so that effect, inbox
 * row and outbox rows commit or vanish together. Statements run in the order in which they were given.
 */
export interface Transaction {
  /** Runs one statement with numbered parameters (`$1`) and returns its rows. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;

  /**
   * Sends one statement of which nothing is read, and waits for nothing. When it fails, so does everything after it,
   * with its error, and at the latest the commit: nobody can catch it and go on.
   */
  write(sql: string, parameters?: readonly unknown[]): void;
}
