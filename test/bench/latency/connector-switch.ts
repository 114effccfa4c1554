import { readFileSync } from 'node:fs';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { withDatabase } from '../harness/database.js';

const FILE = new URL('../../../deploy/connect/outbox-connector.json', import.meta.url);
const CONNECTOR = 'millrace-outbox';
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Settings of ours that have nothing to do with where an event goes: without them Debezium's defaults hold. */
const TUNED: readonly RegExp[] = [
  /^poll\.interval\.ms$/,
  /^max\.(batch|queue)\.size/,
  /^heartbeat\./,
  /^message\.prefix\.exclude\.list$/,
  /^lsn\.flush\.mode$/,
  /^retriable\.restart\.connector\.wait\.ms$/,
  /^producer\.override\./,
];

/** How the connector is configured: as ours is, or with Debezium's defaults wherever routing does not need a setting. */
export type Capture = 'tuned' | 'defaults';

type Settings = Readonly<Record<string, string>>;

/** The settings of a connector file without those that tune it. */
export function untuned(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !TUNED.some((pattern) => pattern.test(name))),
  );
}

/** Reconfigures the running connector. The keeper must rest meanwhile: it would put the file's settings back. */
export class ConnectorSwitch {
  private readonly tuned = JSON.parse(readFileSync(FILE, 'utf8')) as Settings;
  private current: Capture = 'tuned';

  private constructor(private readonly stack: BenchStack) {}

  /** Takes the connector over from the keeper. */
  static async take(stack: BenchStack): Promise<ConnectorSwitch> {
    await stack.local.stop('keeper');
    return new ConnectorSwitch(stack);
  }

  /** Puts the settings and waits until the connector's new task reads the slot. */
  async use(capture: Capture): Promise<void> {
    if (this.current === capture) return;
    const before = await this.reader();
    const settings = capture === 'tuned' ? this.tuned : untuned(this.tuned);
    const answer = await fetch(`${this.stack.local.connect}/connectors/${CONNECTOR}/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
    if (!answer.ok) throw new BenchError('CONTESTANT', `the connector was refused: ${await answer.text()}`);
    await answer.body?.cancel();
    await this.untilReadBy((pid) => pid !== null && pid !== before);
    this.current = capture;
  }

  /** Gives the connector back to the keeper, as its file says. */
  async giveBack(): Promise<void> {
    await this.use('tuned');
    await this.stack.local.start('keeper');
  }

  private async untilReadBy(accepted: (pid: number | null) => boolean): Promise<void> {
    const deadline = Date.now() + WITHIN_MS;
    while (!accepted(await this.reader())) {
      if (Date.now() > deadline) throw new BenchError('CONTESTANT', 'the connector did not come back');
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Process of the server that serves the slot's reader. */
  private async reader(): Promise<number | null> {
    return withDatabase(this.stack.local.postgres, async (client) => {
      const { rows } = await client.query<{ pid: number | null }>(
        `SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = 'millrace'`,
      );
      return rows[0]?.pid ?? null;
    });
  }
}
