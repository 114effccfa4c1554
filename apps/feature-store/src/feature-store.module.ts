import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { OnlineFeaturesController } from './api/online-features.controller.js';
import { FeatureStoreConsumer } from './feature-store.consumer.js';
import { CustomerOrdersStore } from './store/customer-orders.store.js';

/** The feature store: what models ask about customers, fresh within milliseconds of an order. */
@Module({
  imports: [ServiceModule.forService({ name: 'feature-store' })],
  controllers: [FeatureStoreConsumer, OnlineFeaturesController],
  providers: [CustomerOrdersStore],
})
export class FeatureStoreModule {}
