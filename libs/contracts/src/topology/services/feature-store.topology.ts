import type { ServiceTopology } from '../topology-types.js';

/** The feature store: customer features for models, online. */
export const featureStore: ServiceTopology = {
  name: 'feature-store',
  port: 3005,
  produces: [],
  consumes: [{ topic: 'order.created', ordering: 'key' }],
};
