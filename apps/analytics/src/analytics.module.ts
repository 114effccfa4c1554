import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { AnalyticsConsumer } from './analytics.consumer.js';
import { BatchesController } from './api/batches.controller.js';
import { TotalsController } from './api/totals.controller.js';
import { BatchStore } from './store/batch.store.js';
import { TotalEntity } from './store/total.entity.js';
import { TotalStore } from './store/total.store.js';

/** The analytics service: orders and revenue by region and currency, and whether imports have arrived whole. */
@Module({
  imports: [ServiceModule.forService({ name: 'analytics', entities: [TotalEntity] })],
  controllers: [AnalyticsConsumer, TotalsController, BatchesController],
  providers: [TotalStore, BatchStore],
})
export class AnalyticsModule {}
