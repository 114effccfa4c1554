import { InventoryLow } from '../../inventory/inventory-low.v1.js';
import { InventoryRejected } from '../../inventory/inventory-rejected.v1.js';
import { InventoryReleased } from '../../inventory/inventory-released.v1.js';
import { InventoryReserved } from '../../inventory/inventory-reserved.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The inventory service: holds stock for every order until it is shipped or released. */
export const inventory: ServiceTopology = {
  name: 'inventory',
  port: 3004,
  produces: [
    domainTopic(InventoryReserved),
    domainTopic(InventoryRejected),
    domainTopic(InventoryReleased),
    domainTopic(InventoryLow),
  ],
  consumes: [
    { topic: 'order.created', ordering: 'key' },
    { topic: 'order.confirmed', ordering: 'key' },
    { topic: 'order.rejected', ordering: 'key' },
    { topic: 'order.cancelled', ordering: 'key' },
    { topic: 'order.expired', ordering: 'key' },
  ],
};
