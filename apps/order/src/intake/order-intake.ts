import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { CaptureGate, GroupCommit, GroupCommitFullError, Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { unavailable } from '@millrace/service/http';
import { activeContext, inSpan, runInContext } from '@millrace/telemetry';
import { v7 as uuidv7 } from 'uuid';
import {
  IdempotencyConflictError,
  type Idempotency,
  type IdempotencyConflict,
} from '../domain/idempotency.js';
import { newOrder, type OrderRequest } from '../domain/order.js';
import { OrderConfig } from '../order.config.js';
import { findKeys, insertKeys, lockKeys } from '../store/idempotency-key.sql.js';
import { OrderStore } from '../store/order.store.js';
import type { PlacedOrder } from '../store/placed-order.js';
import { assertCaptured, placeOrders, type WantedOrder } from './place-orders.js';

/** An order on its way in. */
export interface IncomingOrder extends WantedOrder {
  readonly idempotency?: Idempotency;
}

/** What became of an incoming order; `replayed` is the order that its key placed before, as it was answered then. */
export type Placement =
  | { readonly kind: 'placed' | 'replayed'; readonly order: PlacedOrder }
  | { readonly kind: IdempotencyConflict };

/** How one order is to be placed. */
export interface PlaceOptions {
  /** Places no second order when the request is repeated. */
  readonly idempotency?: Idempotency | undefined;
  /** Aborts when the caller has left: an order that still waits is then not placed. */
  readonly signal?: AbortSignal;
}

/**
 * Takes orders in, each with its lines and its event, or not at all. Orders that arrive together are one transaction
 * and one statement each for events, and for orders and lines; an order is answered once it is committed.
 */
@Injectable()
export class OrderIntake {
  private readonly group = new GroupCommit<IncomingOrder, Placement>((incoming) => this.placeAll(incoming));
  /** Keys whose first request is in this process; the others are seen by their lock. */
  private readonly keys = new Set<string>();

  constructor(
    private readonly transactions: Transactions,
    readonly orders: OrderStore,
    readonly outbox: Outbox,
    private readonly gate: CaptureGate,
    private readonly config: OrderConfig,
  ) {}

  /**
   * Places one order. Throws `OrderRefusedError` when it makes no sense, `IdempotencyConflictError` when its key cannot
   * be used, and a 503 problem while its event would not be captured or too many orders wait.
   */
  async place(request: OrderRequest, { idempotency, signal }: PlaceOptions = {}): Promise<PlacedOrder> {
    const order = newOrder(request, { id: uuidv7(), placedAt: new Date() });
    return this.alone(idempotency?.key, () =>
      inSpan('order.place', async () => {
        await assertCaptured(this.gate);
        const incoming = { order, context: activeContext(), ...(idempotency ? { idempotency } : {}) };
        const placement = await this.group.submit(incoming, signal).catch(refuseWhenFull);
        if ('order' in placement) return placement.order;
        throw new IdempotencyConflictError(placement.kind);
      }),
    );
  }

  /** Places orders together in one transaction; its spans belong to the trace of the first of them. */
  async placeAll(incoming: readonly IncomingOrder[]): Promise<Placement[]> {
    const [first] = incoming;
    if (!first) return [];
    return runInContext(first.context, () => this.transactions.run((tx) => this.write(incoming, tx)));
  }

  private async write(incoming: readonly IncomingOrder[], tx: Transaction): Promise<Placement[]> {
    const known = await this.knownPlacements(incoming, tx);
    const fresh = incoming.filter((one) => !known.has(one));
    const placed = this.insert(fresh, tx);
    return incoming.map((one): Placement => {
      const order = placed.get(one);
      const placement = known.get(one) ?? (order && { kind: 'placed', order });
      if (!placement) throw new TypeError('an order was neither placed nor refused');
      return placement;
    });
  }

  /** What is not to be placed: its key is somebody else's at the moment, or stands for an order already. */
  private async knownPlacements(
    incoming: readonly IncomingOrder[],
    tx: Transaction,
  ): Promise<Map<IncomingOrder, Placement>> {
    const placements = new Map<IncomingOrder, Placement>();
    const keyed = incoming.flatMap((one) => (one.idempotency ? [{ one, ...one.idempotency }] : []));
    if (keyed.length === 0) return placements;
    const locked = await lockKeys(
      tx,
      keyed.map(({ key }) => key),
    );
    const known = await findKeys(tx, [...locked], Date.now() - this.config.idempotencyTtlMs);
    for (const { one, key, fingerprint } of keyed) {
      const before = known.get(key);
      if (!locked.has(key)) placements.set(one, { kind: 'key-in-flight' });
      else if (before && !before.fingerprint.equals(fingerprint)) placements.set(one, { kind: 'key-reused' });
      else if (before)
        placements.set(one, { kind: 'replayed', order: await this.orders.asPlaced(before.orderId, tx) });
    }
    return placements;
  }

  private insert(incoming: readonly IncomingOrder[], tx: Transaction): Map<IncomingOrder, PlacedOrder> {
    const orders = placeOrders(this, incoming, tx);
    const placed = new Map(
      orders.flatMap((order, index) => {
        const one = incoming[index];
        return one ? [[one, order] as const] : [];
      }),
    );
    const keys = incoming.flatMap(({ idempotency, order }) =>
      idempotency ? [{ ...idempotency, orderId: order.id }] : [],
    );
    insertKeys(tx, keys, Date.now());
    return placed;
  }

  /** Runs the work unless another request of this process has the same key under way. */
  private async alone<Result>(key: string | undefined, work: () => Promise<Result>): Promise<Result> {
    if (key === undefined) return work();
    if (this.keys.has(key)) throw new IdempotencyConflictError('key-in-flight');
    this.keys.add(key);
    try {
      return await work();
    } finally {
      this.keys.delete(key);
    }
  }
}

function refuseWhenFull(error: unknown): never {
  if (!(error instanceof GroupCommitFullError)) throw error;
  throw unavailable('intake-full', 'More orders wait than can be written soon; none was lost, try again.');
}
