import { OrderConfirmed } from '@millrace/contracts';
import type { HoldStatus } from '../../apps/inventory/src/domain/hold/hold-life.js';
import type { Order } from '../../apps/order/src/domain/order.js';
import { EventLog, type SagaEvent } from './event-log.js';
import { FraudActor } from './fraud-actor.js';
import { InventoryActor } from './inventory-actor.js';
import { OrderActor } from './order-actor.js';
import type { Backlog, Fate } from './saga-service.js';

/** Times as the services are configured; a hold lives as long as inventory's configuration asks for at least. */
export const [CHECKS_MS, REVIEW_MS, MARGIN_MS] = [900_000, 86_400_000, 600_000];

const TTL_MS = CHECKS_MS + REVIEW_MS + MARGIN_MS;

/** Something that happens; numbers pick an order, or a partition that has something to give. */
export type Step =
  | { readonly what: 'place' | 'tell-again'; readonly order: number }
  | { readonly what: 'deliver'; readonly partition: number; readonly count: number; readonly fate: Fate }
  | { readonly what: 'cancel' | 'ship'; readonly order: number; readonly fate: Fate }
  | {
      readonly what: 'review';
      readonly order: number;
      readonly outcome: 'approve' | 'decline';
      readonly fate: Fate;
    }
  | { readonly what: 'sweep-orders' | 'sweep-holds'; readonly fate: Fate }
  | { readonly what: 'pass'; readonly ms: number };

/** The three services that settle an order, with nothing between them but the log. */
export class SagaWorld {
  readonly log = new EventLog();
  readonly order = new OrderActor(this.log, { checksMs: CHECKS_MS, reviewMs: REVIEW_MS });
  readonly fraud = new FraudActor(this.log);
  readonly inventory: InventoryActor;
  private now = Date.UTC(2026, 0, 1);

  constructor(
    private readonly wanted: readonly Order[],
    onHand: number,
  ) {
    const watch = { reserved: 0, backorderLimit: 1, lowThreshold: null, lowTold: false };
    const skus = [...new Set(wanted.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
    this.inventory = new InventoryActor(
      this.log,
      skus.map((sku) => ({ sku, onHand, ...watch })),
      TTL_MS,
    );
  }

  perform(step: Step): void {
    switch (step.what) {
      case 'deliver':
        return this.deliver(step);
      case 'pass':
        return this.pass(step.ms);
      case 'sweep-orders':
        return this.order.sweep(step.fate, this.now);
      case 'sweep-holds':
        return this.inventory.sweep(step.fate, this.now);
      case 'place':
        return this.place(this.wanted[step.order]);
      case 'tell-again':
        return this.order.tellAgain(this.idOf(step.order), this.now);
      case 'cancel':
        return this.order.cancel(this.idOf(step.order), step.fate, this.now);
      case 'ship':
        return this.inventory.ship(this.idOf(step.order), step.fate, this.now);
      case 'review':
        return this.fraud.review(this.idOf(step.order), step.outcome, step.fate, this.now);
    }
  }

  /** Lets every order come to its end: all events are delivered, and deadlines pass. */
  settle(): void {
    this.deliverAll();
    for (let due = this.order.lastDeadline(); due !== undefined; due = this.order.lastDeadline()) {
      this.pass(Math.max(0, due - this.now));
      this.order.sweep('commits', this.now);
      this.deliverAll();
    }
  }

  /** Lets so much time pass that nothing that still is held stays so. */
  outliveHolds(): void {
    this.pass(TTL_MS);
    this.inventory.sweep('commits', this.now);
    this.deliverAll();
  }

  /** Where every order and its hold stand, and how much was told of it. */
  state(): readonly (readonly [string, string, HoldStatus | undefined, number])[] {
    return [...this.order.statuses()].map(
      ([id, status]) => [id, status, this.inventory.status(id), this.log.of(id).length] as const,
    );
  }

  private idOf(order: number): string {
    return this.wanted[order]?.id ?? '';
  }

  private place(order: Order | undefined): void {
    if (order && !this.order.statuses().has(order.id)) this.order.place(order, this.now);
  }

  private deliver(step: { readonly partition: number; readonly count: number; readonly fate: Fate }): void {
    const backlogs = this.backlogs();
    const { service, partition } = backlogs[step.partition % Math.max(1, backlogs.length)] ?? {};
    if (service && partition) service.take(partition, step.count, step.fate, this.now);
  }

  /**
   * Time passes. Inventory hears of a confirmation within the margin that its configuration adds to the deadlines:
   * nothing else promises that a hold outlives its order.
   */
  private pass(ms: number): void {
    const late = ({ topic, at }: SagaEvent) =>
      topic === OrderConfirmed.topic && at + MARGIN_MS <= this.now + ms;
    for (const { service, partition, waiting } of this.inventory.backlogs()) {
      const count = waiting.findLastIndex(late) + 1;
      if (count > 0) service.take(partition, count, 'commits', this.now);
    }
    this.now += ms;
  }

  private backlogs(): Backlog[] {
    return [this.order, this.fraud, this.inventory].flatMap((service) => service.backlogs());
  }

  private deliverAll(): void {
    for (let [next] = this.backlogs(); next; [next] = this.backlogs()) {
      next.service.take(next.partition, 1, 'commits', this.now);
    }
  }
}
