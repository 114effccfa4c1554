import { runNaiveConsumer } from '../shared/naive-consumer.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { ProcessedMessage } from '../shared/processed-message.entity.js';
import { FraudController } from './fraud.controller.js';
import { Assessment, CustomerActivity } from './fraud.entities.js';

runNaiveConsumer({
  service: 'fraud',
  controller: FraudController,
  entities: [ProcessedMessage, OutboxMessage, Assessment, CustomerActivity],
});
