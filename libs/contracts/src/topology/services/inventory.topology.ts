import { InventoryRejected } from '../../inventory/inventory-rejected.v1.js';
import { InventoryReleased } from '../../inventory/inventory-released.v1.js';
import { InventoryReserved } from '../../inventory/inventory-reserved.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The inventory service: holds stock for every order. */
export const inventory: ServiceTopology = {
  name: 'inventory',
  port: 3004,
  produces: [domainTopic(InventoryReserved), domainTopic(InventoryRejected), domainTopic(InventoryReleased)],
  consumes: [{ topic: 'order.created', ordering: 'key' }],
};
