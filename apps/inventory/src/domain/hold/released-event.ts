import { InventoryReleased } from '@millrace/contracts';
import type { OrderLine } from '../order-line.js';
import type { ReleaseSignal } from './hold-life.js';

/** The event that tells that an order holds nothing any more. */
export function releasedEvent(
  orderId: string,
  reason: ReleaseSignal,
  lines: readonly OrderLine[],
  at: Date,
): { readonly event: typeof InventoryReleased; readonly data: InventoryReleased } {
  const units = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return {
    event: InventoryReleased,
    data: { orderId, reason, lines: units, releasedAt: at.toISOString() },
  };
}
