import { OrderCreated } from '@millrace/contracts';
import type { Broker, Transaction } from '@millrace/messaging';
import type { Transactions } from '@millrace/persistence';
import { decide, type AssessmentRequest, type Decision } from '../domain/decision.js';
import type { Outcome } from '../domain/judgement.js';
import type { Ruleset } from '../domain/ruleset.js';
import { findFacts } from '../store/fact-finder.js';
import { KeyHash } from '../store/key-hash.js';
import { touchedKeys } from '../store/order-activity.js';
import { arrangeHistory, beginHistory, gather, historyPage, type HistoryRow } from './history.sql.js';
import { orderOf } from './order-history.js';

const GATHERED_AT_ONCE = 1_000;
const JUDGED_AT_ONCE = 250;
const PATIENCE_MS = 86_400_000;

/** An order that the candidate decides otherwise than the live rule set did. */
export interface Difference {
  readonly orderId: string;
  readonly live: Outcome;
  readonly candidate: Outcome;
  readonly score: number;
  readonly hits: Decision['hits'];
}

/** What a back-test found. */
export interface BacktestResult {
  readonly ruleset: string;
  /** Orders of the log. */
  readonly orders: number;
  /** Orders among them that have no live decision; they are judged, and compared with nothing. */
  readonly undecided: number;
  /** Records of the log that tell of no order. */
  readonly unreadable: number;
  /** How many orders had which pair of outcomes, agreement included. */
  readonly confusion: readonly {
    readonly live: Outcome;
    readonly candidate: Outcome;
    readonly orders: number;
  }[];
}

/** What a back-test works on. */
export interface BacktestPlace {
  /** On connections that have done nothing else: statements that they prepared before mean the live tables. */
  readonly transactions: Transactions;
  readonly broker: Broker;
  /** @default order.created */
  readonly topic?: string;
  readonly signal?: AbortSignal;
}

/**
 * Lets a rule set judge every order that the log still has, in the order of the live decisions, with tables of its
 * own that vanish with its one transaction. Each difference is handed out as it is found.
 */
export function backtest(
  ruleset: Ruleset,
  { transactions, broker, topic = OrderCreated.topic, signal }: BacktestPlace,
  onDifference: (difference: Difference) => void,
): Promise<BacktestResult> {
  const work = async (tx: Transaction) => {
    await beginHistory(tx);
    const unreadable = await gatherLog(tx, broker, topic, signal);
    await arrangeHistory(tx);
    const comparison = new Comparison(onDifference);
    for (let done = 0; ; done += JUDGED_AT_ONCE) {
      const rows = await historyPage(tx, done, JUDGED_AT_ONCE);
      if (rows.length === 0) return { ruleset: ruleset.hash, unreadable, ...comparison.result() };
      const decisions = await judged(tx, rows, ruleset);
      rows.forEach(({ outcome }, index) => comparison.add(outcome, decisions[index]));
    }
  };
  return transactions.run(work, signal, PATIENCE_MS);
}

/** Copies the log's orders into the transaction; answers with the number of records that tell of none. */
async function gatherLog(
  tx: Transaction,
  broker: Broker,
  topic: string,
  signal?: AbortSignal,
): Promise<number> {
  let unreadable = 0;
  let waiting: AssessmentRequest[] = [];
  await broker.scan(
    topic,
    async (record) => {
      const order = orderOf(record);
      if (order) waiting.push(order);
      else unreadable += 1;
      if (waiting.length < GATHERED_AT_ONCE) return 'continue';
      await gather(tx, waiting);
      waiting = [];
      return 'continue';
    },
    signal,
  );
  await gather(tx, waiting);
  return unreadable;
}

async function judged(tx: Transaction, rows: readonly HistoryRow[], ruleset: Ruleset): Promise<Decision[]> {
  const requests = rows.map(({ request }) => request);
  const keys = touchedKeys(requests, new KeyHash(''));
  const examined = await findFacts(tx, requests, keys, ruleset.windows);
  const now = new Date();
  return examined.map(({ request, facts }) => decide(request, facts, ruleset, now));
}

/** Holds decisions against the live outcomes. */
class Comparison {
  private orders = 0;
  private undecided = 0;
  private readonly pairs = new Map<string, { live: Outcome; candidate: Outcome; orders: number }>();

  constructor(private readonly onDifference: (difference: Difference) => void) {}

  add(live: Outcome | null, decision: Decision | undefined): void {
    if (!decision) throw new TypeError('an order of the history was not judged');
    const { orderId, outcome: candidate, score, hits } = decision;
    this.orders += 1;
    if (live === null) {
      this.undecided += 1;
      return;
    }
    const name = `${live} ${candidate}`;
    const { orders } = this.pairs.get(name) ?? { orders: 0 };
    this.pairs.set(name, { live, candidate, orders: orders + 1 });
    if (live !== candidate) this.onDifference({ orderId, live, candidate, score, hits });
  }

  result(): Pick<BacktestResult, 'orders' | 'undecided' | 'confusion'> {
    const sorted = [...this.pairs].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return { orders: this.orders, undecided: this.undecided, confusion: sorted.map(([, pair]) => pair) };
  }
}
