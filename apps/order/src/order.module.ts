import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { OrderIntake } from './api/order-intake.js';
import { OrdersController } from './api/orders.controller.js';
import { OrderLineEntity } from './store/order-line.entity.js';
import { OrderEntity } from './store/order.entity.js';
import { OrderStore } from './store/order.store.js';

/** The order service: the fleet's one entrance. */
@Module({
  imports: [ServiceModule.forService({ name: 'order', entities: [OrderEntity, OrderLineEntity] })],
  controllers: [OrdersController],
  providers: [OrderIntake, OrderStore],
})
export class OrderModule {}
