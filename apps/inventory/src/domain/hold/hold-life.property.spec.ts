import { describe, expect, it } from '@jest/globals';
import { permutations } from '@millrace/testing/runtime';
import fc from 'fast-check';
import type { Decision } from '../decision.js';
import type { OrderLine } from '../order-line.js';
import { heldLines, reserve } from '../reserve.js';
import type { WatchedLevel } from '../stock/low-stock.js';
import { missingUnits } from '../stock/shipment.js';
import { changeStock, type UnitChange } from '../stock/unit-change.js';
import { hearAll } from './hear-all.js';
import { begin, HOLD_RULES, reserves, type HoldSignal, type HoldStatus } from './hold-life.js';

const SKUS = ['A', 'B'];
const now = new Date(0);

type Step = { readonly orderId: string; readonly what: 'created' | HoldSignal };

/** Stock and holds as the store keeps them, moved by nothing but the rules. */
class Shop {
  levels: WatchedLevel[];
  readonly statuses = new Map<string, HoldStatus>();
  readonly decisions = new Map<string, Decision>();
  /** What was told and shipped, by order. */
  readonly told: string[] = [];
  private readonly begun: readonly WatchedLevel[];
  private readonly ledger: UnitChange[] = [];

  constructor(
    onHand: number,
    private readonly lines: (orderId: string) => readonly OrderLine[],
  ) {
    this.begun = SKUS.map((sku) => ({
      sku,
      onHand,
      reserved: 0,
      backorderLimit: 1,
      lowThreshold: null,
      lowTold: false,
    }));
    this.levels = [...this.begun];
  }

  live({ orderId, what }: Step): void {
    if (what === 'created') this.create(orderId);
    else this.hear(orderId, what);
  }

  /** SKUs whose state is not what the holds, or the ledger, add up to. */
  differing(): string[] {
    const holding = [...this.decisions.values()].filter(({ orderId }) =>
      reserves(this.statuses.get(orderId)),
    );
    return SKUS.filter((sku, index) => {
      const level = this.levels[index];
      const moved = this.ledger.filter((change) => change.sku === sku);
      const held = sum(
        holding
          .flatMap(heldLines)
          .filter((line) => line.sku === sku)
          .map(({ quantity }) => quantity),
      );
      const onHand = (this.begun[index]?.onHand ?? 0) + sum(moved.map((change) => change.onHand));
      return (
        level?.reserved !== held ||
        level.reserved !== sum(moved.map(({ reserved }) => reserved)) ||
        level.onHand !== onHand ||
        level.onHand < 0 ||
        level.reserved > level.onHand + level.backorderLimit
      );
    });
  }

  private create(orderId: string): void {
    const status = this.statuses.get(orderId);
    const stored = this.decisions.get(orderId);
    const { made } = reserve([{ orderId, eventId: 'e', lines: this.lines(orderId) }], {
      levels: this.levels,
      decisions: stored ? [stored] : [],
      now,
    });
    for (const decision of made) {
      this.decisions.set(orderId, decision);
      this.statuses.set(
        orderId,
        begin(status === 'awaited' ? status : undefined, decision.status === 'held'),
      );
      this.told.push(`${orderId} ${decision.status === 'held' ? 'reserved' : 'rejected'}`);
      this.move(heldLines(decision), 0, 1);
    }
  }

  private hear(orderId: string, signal: HoldSignal): void {
    const lines = heldLines(
      this.decisions.get(orderId) ?? {
        status: 'rejected',
        reason: 'order-ended',
        shortages: [],
        orderId,
        eventId: '',
        decidedAt: now,
      },
    );
    const { moved, early } = hearAll([{ orderId, signal }], this.statuses);
    if (moved.length > 0 && signal === 'shipment') {
      if (missingUnits(lines, this.levels).length > 0) return;
      this.move(lines, -1, -1);
    } else if (moved.length > 0 && signal !== 'order-confirmed') this.move(lines, 0, -1);
    if (moved.length > 0) {
      this.statuses.set(orderId, HOLD_RULES[signal].to);
      this.told.push(`${orderId} ${HOLD_RULES[signal].to}`);
    }
    const kept = HOLD_RULES[signal].early;
    if (early.length === 0 || !kept) return;
    this.statuses.set(orderId, kept);
    if (kept === 'rejected') {
      const reason = 'order-ended' as const;
      this.decisions.set(orderId, {
        orderId,
        eventId: 'e',
        decidedAt: now,
        status: 'rejected',
        reason,
        shortages: [],
      });
    }
  }

  private move(lines: readonly OrderLine[], onHand: number, reserved: number): void {
    const units = lines.map(({ sku, quantity }) => ({
      sku,
      onHand: onHand * quantity,
      reserved: reserved * quantity,
    }));
    this.ledger.push(...units);
    const { changes } = changeStock(this.levels, units);
    this.levels = this.levels.map((level) => {
      const change = changes.find(({ sku }) => sku === level.sku);
      return change
        ? { ...level, onHand: level.onHand + change.onHand, reserved: level.reserved + change.reserved }
        : level;
    });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const signals: readonly Step['what'][] = [
  'created',
  'order-confirmed',
  'order-rejected',
  'order-cancelled',
  'order-expired',
  'hold-expired',
  'shipment',
];
const small = () => [{ sku: 'A', quantity: 1 }];

describe('the life of a hold', () => {
  const shipments: Step['what'][] = [
    'created',
    'order-confirmed',
    'shipment',
    'order-cancelled',
    'hold-expired',
  ];

  it.each(permutations(shipments).map((steps) => [steps.join(', '), steps] as const))(
    'of %s, each twice, reserves and ships at most once and frees what it does not ship',
    (_text, steps) => {
      const shop = new Shop(5, small);
      for (const what of [...steps, ...steps]) {
        shop.live({ orderId: 'o', what });
        expect(shop.differing()).toEqual([]);
      }
      expect(new Set(shop.told).size).toBe(shop.told.length);
      // Everything was said twice, so nothing is left open.
      expect(['shipped', 'released', 'rejected']).toContain(shop.statuses.get('o'));
      expect(shop.levels[0]).toMatchObject({ reserved: 0, onHand: shop.told.includes('o shipped') ? 4 : 5 });
    },
  );

  it('keeps stock, ledger and holds together at every step of any lives that share stock', () => {
    const orders = ['p', 'q', 'r', 's', 't'];
    const lines = fc.dictionary(
      fc.constantFrom(...orders),
      fc.array(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    );
    const steps = fc.array(
      fc.record({ orderId: fc.constantFrom(...orders), what: fc.constantFrom(...signals) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(lines, steps, fc.nat(8), (wanted, all, onHand) => {
        const shop = new Shop(onHand, (orderId) => wanted[orderId] ?? small());
        for (const step of all) {
          shop.live(step);
          expect(shop.differing()).toEqual([]);
        }
        expect(new Set(shop.told).size).toBe(shop.told.length);
        for (const orderId of orders) {
          const of = (what: string) => shop.told.includes(`${orderId} ${what}`);
          expect(of('released') && of('shipped')).toBe(false);
          expect((of('released') || of('shipped')) && !of('reserved')).toBe(false);
        }
      }),
    );
  });
});
