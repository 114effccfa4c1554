import { Module } from '@nestjs/common';
import { ServiceModule } from '@millrace/service/module';
import { AssessmentsController } from './api/assessments.controller.js';
import { Ruleset } from './domain/ruleset.js';
import { FraudConsumer } from './fraud.consumer.js';
import { liveRuleset } from './live-ruleset.js';
import { AssessmentEntity } from './store/assessment.entity.js';
import { AssessmentStore } from './store/assessment.store.js';

/** The fraud service: judges every order and tells why. */
@Module({
  imports: [ServiceModule.forService({ name: 'fraud', entities: [AssessmentEntity] })],
  controllers: [FraudConsumer, AssessmentsController],
  providers: [AssessmentStore, { provide: Ruleset, useFactory: () => liveRuleset() }],
})
export class FraudModule {}
