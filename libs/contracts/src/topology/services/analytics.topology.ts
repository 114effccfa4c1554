import type { ServiceTopology } from '../topology-types.js';

/** The analytics service: orders and revenue by region and currency. */
export const analytics: ServiceTopology = {
  name: 'analytics',
  port: 3001,
  produces: [],
  consumes: [{ topic: 'order.created', ordering: 'none' }],
};
