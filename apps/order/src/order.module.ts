import { Module } from '@nestjs/common';
import { systemClock } from '@millrace/messaging';
import { ServiceModule } from '@millrace/service/module';
import { ImportController } from './api/import.controller.js';
import { OrderLifeController } from './api/order-life.controller.js';
import { OrdersController } from './api/orders.controller.js';
import { ImportBatches } from './import/import-batches.js';
import { ImportConfig, readImportConfig } from './import/import.config.js';
import { OrderImporter } from './import/order-importer.js';
import { IdempotencyKeeper } from './intake/idempotency-keeper.js';
import { OrderIntake } from './intake/order-intake.js';
import { DeadlineSweeper, LIFECYCLE_CLOCK } from './lifecycle/deadline-sweeper.js';
import { OrderLifecycle } from './lifecycle/order-lifecycle.js';
import { SettledOrders } from './lifecycle/settled-orders.js';
import { OrderConfig, readOrderConfig } from './order.config.js';
import { OrderConsumer } from './order.consumer.js';
import { OrderLineEntity } from './store/order-line.entity.js';
import { OrderEntity } from './store/order.entity.js';
import { OrderStore } from './store/order.store.js';

/** The order service: the fleet's one entrance, and where the answers of the checks come together. */
@Module({
  imports: [
    ServiceModule.forService({
      name: 'order',
      entities: [OrderEntity, OrderLineEntity],
      // Orders are taken while Kafka is away: their events wait in the outbox, the feedback on the log.
      readyWithoutConsumer: true,
    }),
  ],
  controllers: [OrdersController, ImportController, OrderLifeController, OrderConsumer],
  providers: [
    OrderIntake,
    OrderStore,
    IdempotencyKeeper,
    OrderImporter,
    ImportBatches,
    { provide: ImportConfig, useFactory: () => readImportConfig() },
    OrderLifecycle,
    DeadlineSweeper,
    SettledOrders,
    { provide: LIFECYCLE_CLOCK, useValue: systemClock },
    { provide: OrderConfig, useFactory: () => readOrderConfig() },
  ],
})
export class OrderModule {}
