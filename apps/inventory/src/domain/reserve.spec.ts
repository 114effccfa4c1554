import { describe, expect, it } from '@jest/globals';
import type { Decision } from './decision.js';
import { reserve, type ReservationRequest } from './reserve.js';
import type { StockLevel } from './stock/stock-level.js';

const now = new Date('2026-03-01T10:15:30.000Z');

function stock(sku: string, onHand: number, reserved = 0, backorderLimit = 0): StockLevel {
  return { sku, onHand, reserved, backorderLimit };
}

function order(orderId: string, ...lines: [sku: string, quantity: number][]): ReservationRequest {
  return {
    orderId,
    eventId: `event of ${orderId}`,
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
  };
}

function judge(
  requests: readonly ReservationRequest[],
  levels: readonly StockLevel[],
  decisions: Decision[] = [],
) {
  return reserve(requests, { levels, decisions, now });
}

const statuses = (answers: readonly { decision: Decision }[]) =>
  answers.map(({ decision }) => decision.status);

describe('reserve', () => {
  it('holds every line of an order that stock covers', () => {
    const { answers, made, taken } = judge(
      [order('a', ['MUG', 2], ['TEE', 1])],
      [stock('MUG', 2), stock('TEE', 5)],
    );
    expect(answers[0]?.decision).toEqual({
      orderId: 'a',
      eventId: 'event of a',
      decidedAt: now,
      status: 'held',
      lines: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'TEE', quantity: 1 },
      ],
    });
    expect(made).toHaveLength(1);
    expect(taken).toEqual([
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEE', quantity: 1 },
    ]);
  });

  it('holds nothing of an order when one line is short, and names that line', () => {
    const { answers, taken } = judge(
      [order('a', ['MUG', 1], ['TEE', 6])],
      [stock('MUG', 9), stock('TEE', 7, 2)],
    );
    expect(answers[0]?.decision).toMatchObject({
      status: 'rejected',
      reason: 'insufficient',
      shortages: [{ sku: 'TEE', requested: 6, available: 5 }],
    });
    expect(taken).toEqual([]);
  });

  it('rejects an unknown SKU by name, whatever else is short', () => {
    const { answers } = judge([order('a', ['NONE', 1], ['TEE', 6])], [stock('TEE', 5)]);
    expect(answers[0]?.decision).toMatchObject({
      reason: 'unknown-sku',
      shortages: [
        { sku: 'NONE', requested: 1, available: 0 },
        { sku: 'TEE', requested: 6, available: 5 },
      ],
    });
  });

  it('judges duplicate lines by their sum', () => {
    const { answers } = judge([order('a', ['MUG', 2], ['MUG', 2])], [stock('MUG', 3)]);
    expect(answers[0]?.decision).toMatchObject({ shortages: [{ sku: 'MUG', requested: 4, available: 3 }] });
  });

  it('promises up to the backorder limit and no further', () => {
    const orders = [order('a', ['MUG', 4]), order('b', ['MUG', 1])];
    expect(statuses(judge(orders, [stock('MUG', 1, 0, 3)]).answers)).toEqual(['held', 'rejected']);
  });

  it('serves earlier orders first and gives what a rejected one leaves to later ones', () => {
    const orders = [
      order('a', ['MUG', 3]),
      order('b', ['MUG', 9]),
      order('c', ['MUG', 2]),
      order('d', ['MUG', 1]),
    ];
    const { answers, taken } = judge(orders, [stock('MUG', 5)]);
    expect(statuses(answers)).toEqual(['held', 'rejected', 'held', 'rejected']);
    expect(taken).toEqual([{ sku: 'MUG', quantity: 5 }]);
  });

  it('answers an order that has a decision with it and takes nothing', () => {
    const stored: Decision = {
      orderId: 'a',
      eventId: 'an earlier event',
      decidedAt: new Date(0),
      status: 'held',
      lines: [{ sku: 'MUG', quantity: 1 }],
    };
    const { answers, made, taken } = judge([order('a', ['MUG', 1])], [stock('MUG', 5)], [stored]);
    expect(answers[0]?.decision).toBe(stored);
    expect(made).toEqual([]);
    expect(taken).toEqual([]);
  });

  it('answers a second event of an order in the same batch with the first one’s outcome', () => {
    const { answers, made, taken } = judge(
      [order('a', ['MUG', 3]), order('b', ['MUG', 2]), order('a', ['MUG', 3])],
      [stock('MUG', 5)],
    );
    expect(answers[2]?.decision).toBe(answers[0]?.decision);
    expect(made.map((decision) => decision.orderId)).toEqual(['a', 'b']);
    expect(taken).toEqual([{ sku: 'MUG', quantity: 5 }]);
  });
});
