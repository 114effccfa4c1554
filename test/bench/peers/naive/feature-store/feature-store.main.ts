import { runNaiveConsumer } from '../shared/naive-consumer.js';
import { ProcessedMessage } from '../shared/processed-message.entity.js';
import { FeatureStoreController } from './feature-store.controller.js';
import { CustomerOrderEvent } from './feature-store.entities.js';

runNaiveConsumer({
  service: 'feature-store',
  controller: FeatureStoreController,
  entities: [ProcessedMessage, CustomerOrderEvent],
});
