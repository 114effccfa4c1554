import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import type { Decision } from '../domain/decision.js';
import { heldLines, reserve, type ReservationRequest, type Verdict } from '../domain/reserve.js';
import { recordReserved, type HeldUnits } from './movement.sql.js';
import { ReservationEntity } from './reservation.entity.js';
import { insertDecisions, insertLines, storedDecisions } from './reservation.sql.js';
import { holdUnits, lockStock } from './stock.sql.js';

/** Reservations, held or rejected, one per order. */
@Injectable()
export class ReservationStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Answers a batch of orders, in order, within the caller's transaction. The locks come first and in a
   * statement of their own: what is read after them can no longer change before the commit.
   */
  async reserveAll<Request extends ReservationRequest>(
    requests: readonly Request[],
    now: Date,
    tx: Transaction,
  ): Promise<Verdict<Request>['answers']> {
    const levels = await lockStock(
      tx,
      requests.flatMap(({ lines }) => lines.map(({ sku }) => sku)),
    );
    const decisions = await storedDecisions(
      tx,
      requests.map(({ orderId }) => orderId),
    );
    const verdict = reserve(requests, { levels, decisions, now });
    await store(verdict, now, tx);
    return verdict.answers;
  }

  /** The reservation of an order with its lines, sorted by SKU; null when inventory has not judged it. */
  find(orderId: string): Promise<ReservationEntity | null> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).findOne(ReservationEntity, {
        where: { orderId },
        relations: { lines: true },
        order: { lines: { sku: 'ASC' } },
      }),
    );
  }
}

async function store({ made, taken }: Verdict<unknown>, now: Date, tx: Transaction): Promise<void> {
  if (made.length > 0) await insertDecisions(tx, made);
  if (taken.length === 0) return;
  const held = made.flatMap(unitsOf);
  await holdUnits(tx, taken);
  await insertLines(tx, held);
  await recordReserved(tx, held, now);
}

function unitsOf(decision: Decision): HeldUnits[] {
  const { orderId, eventId } = decision;
  return heldLines(decision).map((line) => ({ ...line, orderId, eventId }));
}
