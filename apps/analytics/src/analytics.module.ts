import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { AnalyticsConsumer } from './analytics.consumer.js';
import { TotalsController } from './api/totals.controller.js';
import { TotalEntity } from './store/total.entity.js';
import { TotalStore } from './store/total.store.js';

/** The analytics service: orders and revenue by region and currency. */
@Module({
  imports: [ServiceModule.forService({ name: 'analytics', entities: [TotalEntity] })],
  controllers: [AnalyticsConsumer, TotalsController],
  providers: [TotalStore],
})
export class AnalyticsModule {}
