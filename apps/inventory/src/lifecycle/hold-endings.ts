import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ReceivedEvent, Transaction } from '@millrace/messaging';
import { Outbox, type Cause } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { contextFromTraceparent } from '@millrace/telemetry';
import { HOLD_RULES, type HoldStatus, type ReleaseSignal } from '../domain/hold/hold-life.js';
import { hearAll } from '../domain/hold/hear-all.js';
import { releasedEvent } from '../domain/hold/released-event.js';
import { changeStock } from '../domain/stock/unit-change.js';
import { awaitOrders, confirmHolds } from '../store/hold/confirm-holds.sql.js';
import { ConcurrentChangeError } from '../store/hold/concurrent-change.error.js';
import { dueHolds } from '../store/hold/due-holds.sql.js';
import { holdStatuses, lockHolds, type LockedHolds, type StoredHold } from '../store/hold/lock-holds.sql.js';
import { settleHolds } from '../store/hold/settle-holds.sql.js';
import { countEffects } from './count-effects.js';

/** An order's event of which a hold hears. */
export interface HoldEvent {
  readonly orderId: string;
  readonly event: ReceivedEvent;
}

/** A reason to release a hold, and what it comes from. */
interface ReleaseWord {
  readonly orderId: string;
  readonly signal: ReleaseSignal;
  /** The event that says so; null when only time does. */
  readonly eventId: string | null;
  readonly cause: Cause;
}

/**
 * Confirms and releases holds. The pure table decides; what was read before a wait is looked at again by the statement
 * that writes, and a difference runs the whole batch again.
 */
@Injectable()
export class HoldEndings {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** Confirms the holds of a batch of orders within the caller's transaction: one statement, unless something is odd. */
  async confirmAll(events: readonly HoldEvent[], now: Date, tx: Transaction): Promise<void> {
    const signal = 'order-confirmed' as const;
    const words = events.map(({ orderId, event }) => ({ orderId, signal, eventId: event.id }));
    const confirmed = await confirmHolds(
      tx,
      words.map(({ orderId }) => orderId),
      now,
    );
    const stored = new Map<string, HoldStatus>(
      [...confirmed].map((orderId) => [orderId, HOLD_RULES[signal].from]),
    );
    const others = words.map(({ orderId }) => orderId).filter((orderId) => !confirmed.has(orderId));
    if (others.length > 0) {
      for (const [orderId, status] of await holdStatuses(tx, others)) stored.set(orderId, status);
    }
    const { moved, early, effects } = hearAll(words, stored);
    // Held only now: it was made between the two looks.
    if (moved.length !== confirmed.size) throw new ConcurrentChangeError();
    await awaitOrders(tx, early, now);
    countEffects(effects);
  }

  /** Releases the holds of a batch of orders that have ended, within the caller's transaction. */
  async releaseAll(
    signal: Exclude<ReleaseSignal, 'hold-expired'>,
    events: readonly HoldEvent[],
    now: Date,
    tx: Transaction,
  ): Promise<void> {
    const words = events.map(({ orderId, event }) => ({ orderId, signal, eventId: event.id, cause: event }));
    const locked = await lockHolds(
      tx,
      words.map(({ orderId }) => orderId),
      HOLD_RULES[signal].from,
    );
    await this.release(words, locked, now, tx);
  }

  /** Releases at most that many holds that have outlived their time; resolves with how many. */
  expireDue(now: Date, limit: number): Promise<number> {
    return this.transactions.run(async (tx) => {
      const due = await dueHolds(tx, now, limit);
      if (due.length === 0) return 0;
      const signal = 'hold-expired' as const;
      const locked = await lockHolds(tx, due, HOLD_RULES[signal].from);
      const words = [...locked.holds.values()].map(({ orderId, eventId, traceparent }) => {
        // Nothing but time ends it: the order's own event is the cause, and the release stays in the order's trace.
        const context = contextFromTraceparent(traceparent);
        return { orderId, signal, eventId: null, cause: { id: eventId, context } };
      });
      return this.release(words, locked, now, tx);
    });
  }

  private async release(
    words: readonly ReleaseWord[],
    { holds, levels }: LockedHolds,
    now: Date,
    tx: Transaction,
  ): Promise<number> {
    const { moved, early, effects } = hearAll(words, statusesOf(holds));
    const linesOf = ({ orderId }: ReleaseWord) => holds.get(orderId)?.lines ?? [];
    const units = moved.flatMap((word) =>
      linesOf(word).map(({ sku, quantity }) => ({
        sku,
        onHand: 0,
        reserved: -quantity,
        orderId: word.orderId,
        eventId: word.eventId,
      })),
    );
    const settling = settleHolds(tx, {
      rule: HOLD_RULES['hold-expired'],
      settled: moved.map(({ orderId, signal }) => ({ orderId, releaseReason: signal })),
      tombstones: early.flatMap(({ orderId, eventId }) => (eventId === null ? [] : [{ orderId, eventId }])),
      move: { kind: 'released', at: now, units, changes: changeStock(levels, units).changes },
    });
    const tell = () =>
      this.outbox.append(
        moved.map((word) => ({
          ...releasedEvent(word.orderId, word.signal, linesOf(word), now),
          cause: word.cause,
        })),
        tx,
      );
    // What is told is encoded while the database settles: both hold the same locks.
    await Promise.all([settling, nextTurn().then(tell)]);
    countEffects(effects);
    return moved.length;
  }
}

function statusesOf(holds: ReadonlyMap<string, StoredHold>): Map<string, HoldStatus> {
  return new Map([...holds.values()].map(({ orderId, status }) => [orderId, status]));
}
