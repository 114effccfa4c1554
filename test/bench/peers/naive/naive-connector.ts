import { setTimeout as pause } from 'node:timers/promises';
import type { LocalStack } from '@millrace/stack';
import { BenchError } from '../../harness/bench.error.js';
import type { BenchDatabase } from '../../watch/bench-database.js';

const NAME = 'naive';
const PUBLICATION = 'naive_outbox';
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Debezium with its defaults and the outbox event router, on the stack's own worker, instead of our connector. */
export class NaiveConnector {
  /** Connectors of ours that are stopped meanwhile. */
  private ours: readonly string[] = [];

  constructor(
    private readonly stack: LocalStack,
    private readonly database: BenchDatabase,
  ) {}

  /** Stops our capture, so that it costs the peer nothing, and registers the naive connector; waits until it streams. */
  async replaceOurs(): Promise<void> {
    await this.stack.stop('keeper');
    this.ours = (await this.ask('GET', '/connectors')) as string[];
    for (const name of this.ours) await this.ask('PUT', `/connectors/${name}/stop`);
    await this.ask('PUT', `/connectors/${NAME}/config`, this.settings());
    await until('the naive connector streams', () => this.active());
  }

  /** Removes the naive connector with its slot and publication and lets ours go on. */
  async giveBack(): Promise<void> {
    await this.ask('DELETE', `/connectors/${NAME}`, undefined, true);
    await until('the slot is let go', async () => !(await this.active()));
    await this.database.rows(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
      [NAME],
    );
    await this.database.rows(`DROP PUBLICATION IF EXISTS ${PUBLICATION}`);
    for (const name of this.ours) await this.ask('PUT', `/connectors/${name}/resume`);
    await this.stack.start('keeper');
  }

  /** What its documentation asks for, and the names of this place; everything else is the default. */
  private settings(): Readonly<Record<string, string>> {
    const { hostname, port, username, password, pathname } = new URL(this.stack.postgres);
    return {
      'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
      'plugin.name': 'pgoutput',
      'database.hostname': hostname,
      'database.port': port,
      'database.user': decodeURIComponent(username),
      'database.password': decodeURIComponent(password),
      'database.dbname': pathname.slice(1),
      'topic.prefix': NAME,
      'slot.name': NAME,
      'publication.name': PUBLICATION,
      'publication.autocreate.mode': 'filtered',
      'table.include.list': 'naive_order.outbox,naive_fraud.outbox,naive_inventory.outbox',
      transforms: 'outbox',
      'transforms.outbox.type': 'io.debezium.transforms.outbox.EventRouter',
      'transforms.outbox.route.topic.replacement': 'naive.$1',
      'transforms.outbox.table.fields.additional.placement': 'id:header:ce_id',
    };
  }

  private async active(): Promise<boolean> {
    const found = await this.database.number(
      'SELECT count(*) FROM pg_replication_slots WHERE slot_name = $1 AND active',
      [NAME],
    );
    return found === 1;
  }

  private async ask(method: string, path: string, body?: object, forgiving = false): Promise<unknown> {
    const answer = await fetch(new URL(path, this.stack.connect), {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return text === '' ? undefined : JSON.parse(text);
    if (forgiving) return undefined;
    throw new BenchError(
      'CONTESTANT',
      `Kafka Connect answers ${answer.status} to ${method} ${path}: ${text.slice(0, 300)}`,
    );
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new BenchError('CONTESTANT', `Waited in vain until ${what}.`);
    await pause(LOOK_EVERY_MS);
  }
}
