import { Pool, type ClientBase } from 'pg';

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 15_000;

/** Few connections for work now and then; every wait has an end, so that a frozen server does not freeze the keeper. */
export class KeeperDatabase {
  readonly #pool: Pool;

  constructor(connectionString: string) {
    this.#pool = new Pool({
      connectionString,
      max: 3,
      application_name: 'keeper',
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    // an idle connection that dies is replaced at the next use; without a listener it would end the process
    this.#pool.on('error', () => undefined);
  }

  /** Runs `work` on one connection; after an error that connection is not used again. */
  async use<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let spoiled = true;
    try {
      const result = await work(client);
      spoiled = false;
      return result;
    } finally {
      client.release(spoiled);
    }
  }

  /** Ends all connections. */
  end(): Promise<void> {
    return this.#pool.end();
  }
}
