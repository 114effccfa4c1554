import { InventoryRejected, InventoryReserved, type EventDefinition } from '@millrace/contracts';
import type { Decision } from './decision.js';

/** An event to be told, checked against its contract when it is appended. */
export interface OutcomeEvent {
  readonly event: EventDefinition;
  readonly data: InventoryReserved | InventoryRejected;
}

/** The event that tells a decision; the same decision always makes the same payload. */
export function outcomeEvent(decision: Decision): OutcomeEvent {
  const { orderId } = decision;
  const at = decision.decidedAt.toISOString();
  if (decision.status === 'held') {
    return { event: InventoryReserved, data: { orderId, lines: [...decision.lines], reservedAt: at } };
  }
  const { reason } = decision;
  // Written out: Postgres' jsonb does not keep the order of keys.
  const shortages = decision.shortages.map(({ sku, requested, available }) => ({
    sku,
    requested,
    available,
  }));
  return { event: InventoryRejected, data: { orderId, reason, shortages, rejectedAt: at } };
}
