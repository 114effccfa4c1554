import { randomUUID } from 'node:crypto';
import { appRole, schemaOf } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import type { LocalStack } from '@millrace/stack';
import { ROOT_CONTEXT } from '@millrace/telemetry';
import { Pool } from 'pg';
import { readInventoryConfig } from '../../../apps/inventory/src/inventory.config.js';
import { Reservations } from '../../../apps/inventory/src/lifecycle/reservations.js';
import { fleetOrder } from '../backlog/fleet-order.js';
import { InboxClaim } from '../peers/inbox-claim.js';

const GROUP = 'inventory';
/** Transactions that are run before the clock counts: plans are made and code is compiled. */
const WARM_UP = 10;

/** Milliseconds that a transaction spends in each of its phases, on average. */
export type Phases = Readonly<Record<string, number>>;

const STATEMENTS: readonly (readonly [phase: string, pattern: RegExp])[] = [
  ['lock and read', /FOR UPDATE/],
  ['outbox', /INSERT INTO outbox/],
  ['decision, lines, ledger, stock', /INSERT INTO reservation/],
];

/**
 * Runs so many transactions of so many orders, one after the other on one connection while nobody else is there, and
 * tells what they spend their time on.
 */
export async function reservationPhases(
  stack: LocalStack,
  { transactions, orders }: { readonly transactions: number; readonly orders: number },
): Promise<Phases> {
  const pool = new Pool({
    connectionString: stack.urlFor(appRole(GROUP)),
    max: 1,
    options: `-c search_path=${schemaOf(GROUP)} -c timezone=UTC`,
  });
  const inbox = new InboxClaim(pool, GROUP);
  const reservations = new Reservations(new Outbox(), readInventoryConfig({}));
  let times = new PhaseTimes();
  try {
    for (let index = -WARM_UP; index < transactions; index += 1) {
      if (index === 0) times = new PhaseTimes();
      const requests = Array.from({ length: orders }, requestOf);
      const started = performance.now();
      let left = started;
      await inbox.claim(
        requests.map(({ eventId }) => ({ id: eventId, data: {} })),
        async (tx) => {
          const entered = performance.now();
          times.add('begin and inbox', entered - started);
          await reservations.reserveAll(requests, new Date(), times.timed(tx));
          left = performance.now();
          times.add('all of the handler', left - entered);
        },
      );
      times.add('outbox and commit', performance.now() - left);
    }
  } finally {
    await pool.end();
  }
  return times.means(transactions);
}

/** Phases in a few words, the longest first. */
export function phasesText(phases: Phases): string {
  const total = Object.values(phases).reduce((sum, time) => sum + time, 0);
  const texts = Object.entries(phases)
    .toSorted(([, a], [, b]) => b - a)
    .map(([phase, time]) => `${phase} ${time.toFixed(2)} ms (${((time / total) * 100).toFixed(0)}%)`);
  return `${total.toFixed(2)} ms: ${texts.join(', ')}`;
}

class PhaseTimes {
  private readonly sums = new Map<string, number>();

  add(phase: string, milliseconds: number): void {
    this.sums.set(phase, (this.sums.get(phase) ?? 0) + milliseconds);
  }

  /** The same transaction, with a clock on every statement. */
  timed(tx: Transaction): Transaction {
    return {
      query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
        const started = performance.now();
        const rows = await tx.query<Row>(sql, parameters);
        const [phase = 'other'] = STATEMENTS.find(([, pattern]) => pattern.test(sql)) ?? [];
        this.add(phase, performance.now() - started);
        return rows;
      },
      write: (sql, parameters) => tx.write(sql, parameters),
    };
  }

  /** What the handler does besides waiting for statements is its judging and encoding. */
  means(transactions: number): Phases {
    const statements = STATEMENTS.reduce((sum, [phase]) => sum + (this.sums.get(phase) ?? 0), 0);
    const judging = (this.sums.get('all of the handler') ?? 0) - statements;
    const all = [...this.sums].filter(([phase]) => phase !== 'all of the handler');
    return Object.fromEntries(
      [...all, ['judge and encode', judging] as const].map(([phase, sum]) => [phase, sum / transactions]),
    );
  }
}

function requestOf() {
  const eventId = randomUUID();
  const cause = { id: eventId, context: ROOT_CONTEXT };
  return { orderId: randomUUID(), eventId, lines: fleetOrder().lines, cause };
}
