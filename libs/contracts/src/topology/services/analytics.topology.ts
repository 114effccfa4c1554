import type { ServiceTopology } from '../topology-types.js';

/** The analytics service: orders and revenue by region and currency, and whether imports have arrived whole. */
export const analytics: ServiceTopology = {
  name: 'analytics',
  port: 3001,
  produces: [],
  consumes: [
    { topic: 'order.created', ordering: 'none' },
    { topic: 'order.batch', ordering: 'none' },
  ],
};
