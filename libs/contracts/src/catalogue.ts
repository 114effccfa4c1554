import type { EventDefinition } from './event-definition.js';
import { FraudAssessed } from './fraud/fraud-assessed.v1.js';
import { FraudReviewed } from './fraud/fraud-reviewed.v1.js';
import { InventoryLow } from './inventory/inventory-low.v1.js';
import { InventoryRejected } from './inventory/inventory-rejected.v1.js';
import { InventoryReleased } from './inventory/inventory-released.v1.js';
import { InventoryReserved } from './inventory/inventory-reserved.v1.js';
import { OrderBatchBegun, OrderBatchEnded } from './orders/order-batch.v1.js';
import { OrderCancelled } from './orders/order-cancelled.v1.js';
import { OrderConfirmed } from './orders/order-confirmed.v1.js';
import { OrderCreated } from './orders/order-created.v1.js';
import { OrderExpired } from './orders/order-expired.v1.js';
import { OrderRejected } from './orders/order-rejected.v1.js';

/** Every released contract of the fleet. */
export const catalogue: readonly EventDefinition[] = [
  OrderCreated,
  OrderConfirmed,
  OrderRejected,
  OrderCancelled,
  OrderExpired,
  OrderBatchBegun,
  OrderBatchEnded,
  FraudAssessed,
  FraudReviewed,
  InventoryReserved,
  InventoryRejected,
  InventoryReleased,
  InventoryLow,
];
