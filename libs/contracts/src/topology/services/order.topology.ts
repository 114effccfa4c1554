import { OrderBatchBegun, OrderBatchEnded } from '../../orders/order-batch.v1.js';
import { OrderCancelled } from '../../orders/order-cancelled.v1.js';
import { OrderConfirmed } from '../../orders/order-confirmed.v1.js';
import { OrderCreated } from '../../orders/order-created.v1.js';
import { OrderExpired } from '../../orders/order-expired.v1.js';
import { OrderRejected } from '../../orders/order-rejected.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The order service: the fleet's one entrance. */
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
  consumes: [],
};
