import { runNaiveConsumer } from '../shared/naive-consumer.js';
import { ProcessedMessage } from '../shared/processed-message.entity.js';
import { AnalyticsController } from './analytics.controller.js';
import { OrderFact } from './analytics.entities.js';

runNaiveConsumer({
  service: 'analytics',
  controller: AnalyticsController,
  entities: [ProcessedMessage, OrderFact],
});
