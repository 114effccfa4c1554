import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { OrdersController } from './api/orders.controller.js';
import { IdempotencyKeeper } from './intake/idempotency-keeper.js';
import { OrderIntake } from './intake/order-intake.js';
import { OrderConfig, readOrderConfig } from './order.config.js';
import { OrderLineEntity } from './store/order-line.entity.js';
import { OrderEntity } from './store/order.entity.js';
import { OrderStore } from './store/order.store.js';

/** The order service: the fleet's one entrance. */
@Module({
  imports: [ServiceModule.forService({ name: 'order', entities: [OrderEntity, OrderLineEntity] })],
  controllers: [OrdersController],
  providers: [
    OrderIntake,
    OrderStore,
    IdempotencyKeeper,
    { provide: OrderConfig, useFactory: () => readOrderConfig() },
  ],
})
export class OrderModule {}
