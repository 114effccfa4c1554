import { Module } from '@nestjs/common';
import { systemClock } from '@millrace/messaging';
import { ServiceModule } from '@millrace/service/module';
import { AdjustmentsController } from './api/adjustments.controller.js';
import { ReservationsController } from './api/reservations.controller.js';
import { ShipmentsController } from './api/shipments.controller.js';
import { StockController } from './api/stock.controller.js';
import { InventoryConfig, readInventoryConfig } from './inventory.config.js';
import { InventoryConsumer } from './inventory.consumer.js';
import { HoldEndings } from './lifecycle/hold-endings.js';
import { HOLD_CLOCK, HoldSweeper } from './lifecycle/hold-sweeper.js';
import { Reservations } from './lifecycle/reservations.js';
import { Shipments } from './lifecycle/shipments.js';
import { Reconciler } from './reconcile/reconciler.js';
import { ReservationLineEntity } from './store/reservation-line.entity.js';
import { ReservationEntity } from './store/reservation.entity.js';
import { ReservationStore } from './store/reservation.store.js';
import { StockEntity } from './store/stock.entity.js';
import { StockStore } from './store/stock.store.js';

/** The inventory service: holds stock for every order until it is shipped or released, and tells what it does. */
@Module({
  imports: [
    ServiceModule.forService({
      name: 'inventory',
      entities: [StockEntity, ReservationEntity, ReservationLineEntity],
    }),
  ],
  controllers: [
    InventoryConsumer,
    ReservationsController,
    ShipmentsController,
    AdjustmentsController,
    StockController,
  ],
  providers: [
    Reservations,
    HoldEndings,
    Shipments,
    HoldSweeper,
    Reconciler,
    ReservationStore,
    StockStore,
    { provide: HOLD_CLOCK, useValue: systemClock },
    { provide: InventoryConfig, useFactory: () => readInventoryConfig() },
  ],
})
export class InventoryModule {}
