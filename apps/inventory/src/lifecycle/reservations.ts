import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Outbox, type Cause, type OutboxEntry } from '@millrace/outbox';
import { ROOT_CONTEXT, traceparentIn } from '@millrace/telemetry';
import type { Decision } from '../domain/decision.js';
import { begin } from '../domain/hold/hold-life.js';
import { outcomeEvent } from '../domain/outcome-event.js';
import { heldLines, reserve, type ReservationRequest } from '../domain/reserve.js';
import { firstToLower, lowEvent } from '../domain/stock/low-stock.js';
import { changeStock, type ChangedStock } from '../domain/stock/unit-change.js';
import { InventoryConfig } from '../inventory.config.js';
import { lockForOrders, type OrdersToJudge } from '../store/hold/lock-for-orders.sql.js';
import type { OrderUnits } from '../store/hold/move-units.sql.js';
import { forgetAwaited, storeDecisions } from '../store/hold/store-decisions.sql.js';

/** An order that asks for stock, and the event that says so. */
export interface CausedRequest extends ReservationRequest {
  readonly cause: Cause;
}

/** A request with the decision that answers it. */
interface Answer {
  readonly request: CausedRequest;
  readonly decision: Decision;
}

/** What a batch comes to, with the stock that it takes. */
interface Verdict {
  readonly made: readonly Decision[];
  /** What the new decisions were made for. */
  readonly causes: ReadonlyMap<Decision, Cause>;
  readonly known: OrdersToJudge;
  readonly units: readonly OrderUnits[];
  readonly stock: ChangedStock;
}

/** Decides about orders: what is held, and what is told. */
@Injectable()
export class Reservations {
  constructor(
    private readonly outbox: Outbox,
    private readonly config: InventoryConfig,
  ) {}

  /**
   * Answers a batch of orders, in order, within the caller's transaction: one statement locks and reads, one
   * writes, one tells.
   */
  async reserveAll(requests: readonly CausedRequest[], now: Date, tx: Transaction): Promise<void> {
    const known = await lockForOrders(
      tx,
      requests.flatMap(({ lines }) => lines.map(({ sku }) => sku)),
      requests.map(({ orderId }) => orderId),
    );
    const { answers, made } = reserve(requests, { ...known, now });
    const units = made.flatMap(unitsOf);
    const stock = changeStock(known.levels, units);
    // Of two requests for one order the first is the cause.
    const causes = new Map(answers.toReversed().map(({ request, decision }) => [decision, request.cause]));
    const verdict = { made, causes, known, units, stock };
    // What is told is encoded while the database stores: both hold the same locks.
    await Promise.all([
      this.store(verdict, now, tx),
      nextTurn().then(() => this.outbox.append([...answers.map(told), ...lowTold(verdict, now)], tx)),
    ]);
  }

  private async store(
    { made, causes, known, units, stock }: Verdict,
    now: Date,
    tx: Transaction,
  ): Promise<void> {
    if (made.length === 0) return;
    const holds = made.map((decision) => ({
      decision,
      status: begin(known.awaited.has(decision.orderId) ? 'awaited' : undefined, decision.status === 'held'),
      traceparent: traceparentIn(causes.get(decision)?.context ?? ROOT_CONTEXT),
    }));
    const move = { kind: 'reserved', at: now, units, changes: stock.changes } as const;
    forgetAwaited(tx, [...known.awaited]);
    await storeDecisions(tx, holds, move, new Date(now.getTime() + this.config.holdTtlMs));
  }
}

function told({ request, decision }: Answer): OutboxEntry {
  return { ...outcomeEvent(decision), cause: request.cause };
}

/** Low stock is told once per SKU, as it is after the batch, and because of the order that brought it down. */
function lowTold({ made, causes, known, stock }: Verdict, now: Date): OutboxEntry[] {
  return stock.low.flatMap((level) => {
    const before = known.levels.find(({ sku }) => sku === level.sku);
    const takers = made.map((decision) => ({ decision, lines: heldLines(decision) }));
    const taker = before && firstToLower(before, takers);
    const cause = taker && causes.get(taker.decision);
    return cause ? [{ ...lowEvent(level, now), cause }] : [];
  });
}

function unitsOf(decision: Decision): OrderUnits[] {
  const { orderId, eventId } = decision;
  return heldLines(decision).map(({ sku, quantity }) => ({
    sku,
    onHand: 0,
    reserved: quantity,
    orderId,
    eventId,
  }));
}
