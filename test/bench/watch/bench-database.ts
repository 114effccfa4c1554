import { Client } from 'pg';

/** One connection of the superuser to the stack's database, for preparing and for counting. */
export class BenchDatabase {
  private constructor(private readonly client: Client) {}

  static async connect(url: string): Promise<BenchDatabase> {
    const client = new Client({ connectionString: url, options: '-c timezone=UTC' });
    // A server that goes away is told by the next statement.
    client.on('error', () => undefined);
    await client.connect();
    return new BenchDatabase(client);
  }

  async rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.client.query<Row>(sql, [...parameters]);
    return rows;
  }

  /** The one number that a statement answers with. */
  async number(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const [row = {}] = await this.rows<Record<string, unknown>>(sql, parameters);
    return Number(Object.values(row)[0]);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
