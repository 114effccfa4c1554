import { assertProducible, InventoryRejected, InventoryReserved } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Decision } from './decision.js';
import { outcomeEvent } from './outcome-event.js';

const common = {
  orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
  eventId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b99',
  decidedAt: new Date('2026-03-01T10:15:30.018Z'),
};

const held: Decision = { ...common, status: 'held', lines: [{ sku: 'MUG', quantity: 2 }] };

const rejected: Decision = {
  ...common,
  status: 'rejected',
  reason: 'unknown-sku',
  shortages: [{ sku: 'NONE', requested: 1, available: 0 }],
};

describe('outcomeEvent', () => {
  it('tells a held order as inventory.reserved', () => {
    const { event, data } = outcomeEvent(held);
    expect(event).toBe(InventoryReserved);
    expect(data).toEqual({
      orderId: common.orderId,
      lines: [{ sku: 'MUG', quantity: 2 }],
      reservedAt: '2026-03-01T10:15:30.018Z',
    });
  });

  it('tells a rejected order as inventory.rejected, with its shortages', () => {
    const { event, data } = outcomeEvent(rejected);
    expect(event).toBe(InventoryRejected);
    expect(data).toMatchObject({ reason: 'unknown-sku', shortages: rejected.shortages });
  });

  it.each([held, rejected])('satisfies the contract: $status', (decision) => {
    const { event, data } = outcomeEvent(decision);
    expect(() => assertProducible(event, data)).not.toThrow();
  });
});
