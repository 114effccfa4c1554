import type { EventDefinition } from './event-definition.js';
import { FraudAssessed } from './fraud/fraud-assessed.v1.js';
import { InventoryRejected } from './inventory/inventory-rejected.v1.js';
import { InventoryReserved } from './inventory/inventory-reserved.v1.js';
import { OrderCreated } from './orders/order-created.v1.js';

/** Every released contract of the fleet. */
export const catalogue: readonly EventDefinition[] = [
  OrderCreated,
  FraudAssessed,
  InventoryReserved,
  InventoryRejected,
];
