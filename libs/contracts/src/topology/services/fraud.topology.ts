import { FraudAssessed } from '../../fraud/fraud-assessed.v1.js';
import { FraudReviewed } from '../../fraud/fraud-reviewed.v1.js';
import { domainTopic } from '../domain-topic.js';
import type { ServiceTopology } from '../topology-types.js';

/** The fraud service: judges every order, and forgets reviews of orders that have ended. */
export const fraud: ServiceTopology = {
  name: 'fraud',
  port: 3003,
  produces: [domainTopic(FraudAssessed), domainTopic(FraudReviewed)],
  consumes: [
    { topic: 'order.created', ordering: 'key' },
    { topic: 'order.cancelled', ordering: 'key' },
    { topic: 'order.expired', ordering: 'key' },
    { topic: 'order.rejected', ordering: 'key' },
  ],
};
