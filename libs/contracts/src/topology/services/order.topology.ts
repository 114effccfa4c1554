import { OrderBatchBegun, OrderBatchEnded } from '../../orders/order-batch.v1.js';
import { OrderCancelled } from '../../orders/order-cancelled.v1.js';
import { OrderConfirmed } from '../../orders/order-confirmed.v1.js';
import { OrderCreated } from '../../orders/order-created.v1.js';
import { OrderExpired } from '../../orders/order-expired.v1.js';
import { OrderRejected } from '../../orders/order-rejected.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The order service: the fleet's one entrance, and where the answers of the checks come together. */
export const order: ServiceTopology = {
  name: 'order',
  port: 3000,
  produces: [
    domainTopic(OrderCreated),
    domainTopic(OrderConfirmed),
    domainTopic(OrderRejected),
    domainTopic(OrderCancelled),
    domainTopic(OrderExpired),
    domainTopic(OrderBatchBegun, OrderBatchEnded),
  ],
  consumes: [
    { topic: 'fraud.assessed', ordering: 'key' },
    { topic: 'fraud.reviewed', ordering: 'key' },
    { topic: 'inventory.reserved', ordering: 'key' },
    { topic: 'inventory.rejected', ordering: 'key' },
    { topic: 'inventory.released', ordering: 'key' },
  ],
};
