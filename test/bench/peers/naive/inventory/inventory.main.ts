import { runNaiveConsumer } from '../shared/naive-consumer.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { ProcessedMessage } from '../shared/processed-message.entity.js';
import { InventoryController } from './inventory.controller.js';
import { Movement, Reservation, ReservationLine, Stock } from './inventory.entities.js';

runNaiveConsumer({
  service: 'inventory',
  controller: InventoryController,
  entities: [ProcessedMessage, OutboxMessage, Stock, Reservation, ReservationLine, Movement],
});
