import type { Transaction } from '@millrace/messaging';
import type { AssessmentRequest } from '../domain/decision.js';
import type { Facts } from '../domain/inputs.js';
import { windowName, type ActivityWindow } from '../domain/velocity/activity-window.js';
import { measure, nothingEarlier, type Earlier, type Measures } from '../domain/velocity/batch-activity.js';
import type { TouchedKey } from './order-activity.js';
import { recordAndMeasure, type MeasuredRow } from './velocity.sql.js';

/** An order without a decision, and what was found out about it. */
export interface Examined<Request> {
  readonly request: Request;
  readonly facts: Facts;
}

/**
 * Records a batch of orders and finds out about each that has no live decision yet, in order: what its windows held
 * when its turn came, earlier orders of the batch included, and the lists that name it. The keys must be locked, and
 * no order may be asked for twice.
 */
export async function findFacts<Request extends AssessmentRequest>(
  tx: Transaction,
  requests: readonly Request[],
  keys: readonly TouchedKey[],
  windows: readonly ActivityWindow[],
): Promise<Examined<Request>[]> {
  const rows = await recordAndMeasure(tx, requests, keys, windows);
  const rowsOf = Map.groupBy(rows, ({ position }) => position);
  // An order that was not recorded counts for nobody.
  const counted = new EarlierInBatch();
  const keysOf = Map.groupBy(keys, ({ position }) => position);
  return requests.flatMap((request, index) => {
    const own = rowsOf.get(index + 1);
    if (!own) return [];
    const touched = keysOf.get(index + 1) ?? [];
    const facts = factsOf(touched, own, windows, counted);
    touched.forEach((key) => counted.add(key));
    return [{ request, facts }];
  });
}

/** Orders of a batch that were decided already, by key. */
class EarlierInBatch {
  private readonly byKey = new Map<string, TouchedKey[]>();

  add(touched: TouchedKey): void {
    const before = this.byKey.get(touched.key);
    if (before) before.push(touched);
    else this.byKey.set(touched.key, [touched]);
  }

  of({ key }: TouchedKey): readonly TouchedKey[] {
    return this.byKey.get(key) ?? [];
  }
}

function factsOf(
  touched: readonly TouchedKey[],
  rows: readonly MeasuredRow[],
  windows: readonly ActivityWindow[],
  counted: EarlierInBatch,
): Facts {
  const activity: Record<string, Measures> = {};
  for (const window of windows) {
    const key = touched.find(({ kind }) => kind === window.kind);
    const row = rows.find((each) => isOf(each, window));
    if (key && row) activity[windowName(window)] = measure(key, window, earlierOf(row), counted.of(key));
  }
  const lists = new Set(rows.flatMap(({ kind, lists: on }) => (on ?? []).map((list) => `${list}.${kind}`)));
  return { activity, lists: [...lists].toSorted() };
}

function isOf(row: MeasuredRow, { kind, beforeMs, afterMs }: ActivityWindow): boolean {
  return row.kind === kind && row.beforeMs === beforeMs && row.afterMs === afterMs;
}

function earlierOf({ orders, sumMinor, leastMinor, others }: MeasuredRow): Earlier {
  if (orders === 0) return nothingEarlier;
  return {
    orders,
    sumMinor: BigInt(sumMinor),
    ...(leastMinor === null ? {} : { leastMinor: Number(leastMinor) }),
    others: others ?? [],
  };
}
