import { OrderCreated } from '../../orders/order-created.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The order service: the fleet's one entrance. */
export const order: ServiceTopology = {
  name: 'order',
  port: 3000,
  produces: [domainTopic(OrderCreated)],
  consumes: [],
};
