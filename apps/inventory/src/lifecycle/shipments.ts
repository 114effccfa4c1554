import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import type { Shortage } from '../domain/decision.js';
import { hear, HOLD_RULES, type HoldStatus } from '../domain/hold/hold-life.js';
import type { OrderLine } from '../domain/order-line.js';
import { missingUnits } from '../domain/stock/shipment.js';
import { changeStock } from '../domain/stock/unit-change.js';
import { ConcurrentChangeError } from '../store/hold/concurrent-change.error.js';
import { lockHolds } from '../store/hold/lock-holds.sql.js';
import { settleHolds } from '../store/hold/settle-holds.sql.js';
import { countEffects } from './count-effects.js';

/** What became of a wish to ship an order. */
export type ShipmentResult =
  | {
      readonly shipped: true;
      /** False when it had been shipped before. */
      readonly now: boolean;
      readonly lines: readonly OrderLine[];
      readonly at: Date;
    }
  | { readonly shipped: false; readonly status: HoldStatus | undefined }
  | { readonly shipped: false; readonly missing: readonly Shortage[] };

const signal = 'shipment' as const;

/** Whoever loses a race finds the other's work at the next look; more than one loss in a row is a surprise. */
const MOST_TRIES = 3;

/** Takes what was confirmed out of the stock. */
@Injectable()
export class Shipments {
  constructor(private readonly transactions: Transactions) {}

  /** Ships an order once; doing it again, also at the same time, changes nothing and is answered alike. */
  async ship(orderId: string, now: Date): Promise<ShipmentResult> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.transactions.run((tx) => this.shipWithin(tx, orderId, now));
      } catch (error) {
        if (!(error instanceof ConcurrentChangeError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  private async shipWithin(tx: Transaction, orderId: string, now: Date): Promise<ShipmentResult> {
    const rule = HOLD_RULES[signal];
    const { holds, levels } = await lockHolds(tx, [orderId], rule.from);
    const hold = holds.get(orderId);
    const { effect } = hear(hold?.status, signal);
    countEffects([{ word: { orderId, signal }, effect }]);
    if (!hold || effect === 'unfounded' || effect === 'contradicting')
      return { shipped: false, status: hold?.status };
    const { lines, changedAt } = hold;
    if (effect === 'repeated') return { shipped: true, now: false, lines, at: new Date(changedAt ?? now) };
    const missing = missingUnits(lines, levels);
    if (missing.length > 0) return { shipped: false, missing };
    const units = lines.map(({ sku, quantity }) => ({
      sku,
      onHand: -quantity,
      reserved: -quantity,
      orderId,
      eventId: null,
    }));
    await settleHolds(tx, {
      rule,
      settled: [{ orderId, releaseReason: null }],
      tombstones: [],
      move: { kind: 'shipped', at: now, units, changes: changeStock(levels, units).changes },
    });
    return { shipped: true, now: true, lines, at: now };
  }
}
