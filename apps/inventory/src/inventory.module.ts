import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { ReservationsController } from './api/reservations.controller.js';
import { StockController } from './api/stock.controller.js';
import { InventoryConsumer } from './inventory.consumer.js';
import { ReservationLineEntity } from './store/reservation-line.entity.js';
import { ReservationEntity } from './store/reservation.entity.js';
import { ReservationStore } from './store/reservation.store.js';
import { StockEntity } from './store/stock.entity.js';
import { StockStore } from './store/stock.store.js';

/** The inventory service: holds stock for every order and tells what it could not hold. */
@Module({
  imports: [
    ServiceModule.forService({
      name: 'inventory',
      entities: [StockEntity, ReservationEntity, ReservationLineEntity],
    }),
  ],
  controllers: [InventoryConsumer, ReservationsController, StockController],
  providers: [ReservationStore, StockStore],
})
export class InventoryModule {}
