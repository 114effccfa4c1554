import { runNaiveConsumer } from '../shared/naive-consumer.js';
import { ProcessedMessage } from '../shared/processed-message.entity.js';
import { NotificationController } from './notification.controller.js';
import { Notification } from './notification.entities.js';

runNaiveConsumer({
  service: 'notification',
  controller: NotificationController,
  entities: [ProcessedMessage, Notification],
});
