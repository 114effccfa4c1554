import type { ServiceTopology } from '../topology-types.js';

/** The notification service: tells customers about their orders. */
export const notification: ServiceTopology = {
  name: 'notification',
  port: 3002,
  produces: [],
  consumes: [{ topic: 'order.created', ordering: 'none' }],
};
