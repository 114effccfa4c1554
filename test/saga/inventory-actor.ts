import {
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderExpired,
  OrderRejected,
} from '@millrace/contracts';
import type { Decision } from '../../apps/inventory/src/domain/decision.js';
import { hearAll } from '../../apps/inventory/src/domain/hold/hear-all.js';
import {
  begin,
  HOLD_RULES,
  reserves,
  type HoldSignal,
  type HoldStatus,
  type ReleaseSignal,
} from '../../apps/inventory/src/domain/hold/hold-life.js';
import { releasedEvent } from '../../apps/inventory/src/domain/hold/released-event.js';
import type { OrderLine } from '../../apps/inventory/src/domain/order-line.js';
import { outcomeEvent } from '../../apps/inventory/src/domain/outcome-event.js';
import { heldLines, reserve } from '../../apps/inventory/src/domain/reserve.js';
import type { WatchedLevel } from '../../apps/inventory/src/domain/stock/low-stock.js';
import { missingUnits } from '../../apps/inventory/src/domain/stock/shipment.js';
import { changeStock, type UnitChange } from '../../apps/inventory/src/domain/stock/unit-change.js';
import type { EventLog, SagaEvent, Tell } from './event-log.js';
import { SagaService, type Fate } from './saga-service.js';

/** An order as inventory keeps it. */
interface HoldRow {
  status: HoldStatus;
  /** Unset while the order is only awaited. */
  readonly decision?: Decision;
  readonly expiresAt: number;
}

/** What inventory keeps. */
interface Stock {
  levels: WatchedLevel[];
  ledger: UnitChange[];
  holds: Map<string, HoldRow>;
}

/** The inventory service over its own rules: holds, confirms, releases and ships. */
export class InventoryActor extends SagaService<Stock> {
  protected readonly handlers = {
    [OrderCreated.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.reserve(events, tell, now),
    [OrderConfirmed.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.hear('order-confirmed', events.map(orderOf), tell, now),
    [OrderRejected.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.hear('order-rejected', events.map(orderOf), tell, now),
    [OrderCancelled.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.hear('order-cancelled', events.map(orderOf), tell, now),
    [OrderExpired.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.hear('order-expired', events.map(orderOf), tell, now),
  };

  constructor(
    log: EventLog,
    private readonly begun: readonly WatchedLevel[],
    private readonly ttlMs: number,
  ) {
    super(log, { levels: [...begun], ledger: [], holds: new Map() });
  }

  ship(orderId: string, fate: Fate, now: number): void {
    this.transact(fate, (tell) => {
      const missing = missingUnits(this.linesOf(orderId), this.state.levels);
      if (missing.length === 0) this.hear('shipment', [orderId], tell, now);
    });
  }

  /** Releases what has outlived its time; whether it may be is for the table to say, for it may have moved meanwhile. */
  sweep(fate: Fate, now: number): void {
    this.transact(fate, (tell) => {
      const due = [...this.state.holds].filter(([, { expiresAt }]) => expiresAt <= now);
      const orderIds = due.map(([orderId]) => orderId);
      this.hear('hold-expired', orderIds, tell, now);
    });
  }

  status(orderId: string): HoldStatus | undefined {
    return this.state.holds.get(orderId)?.status;
  }

  /** SKUs whose state is not what the holds, or the ledger, add up to, or is oversold. */
  differing(): string[] {
    const { levels, ledger, holds } = this.state;
    const held = [...holds.values()]
      .filter(({ status }) => reserves(status))
      .flatMap(({ decision }) => (decision ? heldLines(decision) : []));
    return this.begun
      .filter(({ sku, onHand }) => {
        const level = levels.find((one) => one.sku === sku);
        const moved = ledger.filter((change) => change.sku === sku);
        const holding = held.filter((line) => line.sku === sku);
        return (
          level?.reserved !== sum(holding.map(({ quantity }) => quantity)) ||
          level.reserved !== sum(moved.map(({ reserved }) => reserved)) ||
          level.onHand !== onHand + sum(moved.map((change) => change.onHand)) ||
          level.reserved > level.onHand + level.backorderLimit
        );
      })
      .map(({ sku }) => sku);
  }

  private reserve(events: readonly SagaEvent[], tell: Tell, now: number): void {
    const { holds, levels } = this.state;
    const requests = events.map(({ id, data }) => ({ ...(data as OrderCreated), eventId: id }));
    const decisions = [...holds.values()].flatMap(({ decision }) => (decision ? [decision] : []));
    const { answers, made } = reserve(requests, { levels, decisions, now: new Date(now) });
    for (const decision of made) {
      const known = holds.get(decision.orderId)?.status === 'awaited' ? 'awaited' : undefined;
      const status = begin(known, decision.status === 'held');
      holds.set(decision.orderId, { status, decision, expiresAt: now + this.ttlMs });
      this.move(heldLines(decision), 0, 1);
    }
    for (const { decision } of answers) {
      const { event, data } = outcomeEvent(decision);
      tell(event, data, now);
    }
  }

  private hear(signal: HoldSignal, orderIds: readonly string[], tell: Tell, now: number): void {
    const { holds } = this.state;
    const statuses = new Map([...holds].map(([orderId, { status }]) => [orderId, status]));
    const words = orderIds.map((orderId) => ({ orderId, signal }));
    const { moved, early } = hearAll(words, statuses);
    for (const { orderId } of moved) {
      const hold = holds.get(orderId);
      if (hold) hold.status = HOLD_RULES[signal].to;
      if (signal === 'order-confirmed') continue;
      const lines = this.linesOf(orderId);
      this.move(lines, signal === 'shipment' ? -1 : 0, -1);
      if (signal !== 'shipment') tellReleased(tell, orderId, signal, lines, now);
    }
    for (const { orderId } of early) holds.set(orderId, earlyRow(orderId, signal, now));
  }

  private linesOf(orderId: string): readonly OrderLine[] {
    const decision = this.state.holds.get(orderId)?.decision;
    return decision ? heldLines(decision) : [];
  }

  private move(lines: readonly OrderLine[], onHand: number, reserved: number): void {
    const units = lines.map(({ sku, quantity }) => ({
      sku,
      onHand: onHand * quantity,
      reserved: reserved * quantity,
    }));
    const changes = new Map(
      changeStock(this.state.levels, units).changes.map((change) => [change.sku, change]),
    );
    this.state.ledger.push(...units);
    this.state.levels = this.state.levels.map((level) => {
      const change = changes.get(level.sku);
      return change
        ? { ...level, onHand: level.onHand + change.onHand, reserved: level.reserved + change.reserved }
        : level;
    });
  }
}

function orderOf({ orderId }: SagaEvent): string {
  return orderId;
}

function tellReleased(
  tell: Tell,
  orderId: string,
  signal: ReleaseSignal,
  lines: readonly OrderLine[],
  now: number,
): void {
  const { event, data } = releasedEvent(orderId, signal, lines, new Date(now));
  tell(event, data, now);
}

/** What is kept of an order that was not created yet: a tombstone, or that it is confirmed already. */
function earlyRow(orderId: string, signal: HoldSignal, now: number): HoldRow {
  const status = HOLD_RULES[signal].early ?? 'rejected';
  if (status === 'awaited') return { status, expiresAt: Infinity };
  const decision: Decision = {
    ...{ orderId, eventId: 'ending', decidedAt: new Date(now) },
    ...{ status: 'rejected', reason: 'order-ended', shortages: [] },
  };
  return { status, decision, expiresAt: Infinity };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
