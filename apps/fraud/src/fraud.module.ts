import { Module } from '@nestjs/common';
import { systemClock } from '@millrace/messaging';
import { ServiceModule } from '@millrace/service/module';
import { AssessmentsController } from './api/assessments.controller.js';
import { ListsController } from './api/lists.controller.js';
import { ReviewsController } from './api/reviews.controller.js';
import { RulesetsController } from './api/rulesets.controller.js';
import { ShadowController } from './api/shadow.controller.js';
import { FraudConsumer } from './fraud.consumer.js';
import { readKeySecret } from './fraud.config.js';
import { ActivityForgetter, FORGETTING_CLOCK } from './forgetting/activity-forgetter.js';
import { ListStore } from './lists/list.store.js';
import { ReviewStore } from './reviews/review.store.js';
import { readRulesets } from './rulesets/read-rulesets.js';
import { RulesetStore } from './rulesets/ruleset.store.js';
import { Rulesets } from './rulesets/rulesets.js';
import { ShadowStore } from './shadow/shadow.store.js';
import { AssessmentEntity } from './store/assessment.entity.js';
import { AssessmentStore } from './store/assessment.store.js';
import { KeyHash } from './store/key-hash.js';

/** The fraud service: judges every order, tells why, and lets people decide where the rules cannot. */
@Module({
  imports: [ServiceModule.forService({ name: 'fraud', entities: [AssessmentEntity] })],
  controllers: [
    FraudConsumer,
    AssessmentsController,
    ReviewsController,
    ListsController,
    RulesetsController,
    ShadowController,
  ],
  providers: [
    AssessmentStore,
    ReviewStore,
    ListStore,
    RulesetStore,
    ShadowStore,
    ActivityForgetter,
    { provide: FORGETTING_CLOCK, useValue: systemClock },
    { provide: Rulesets, useFactory: () => readRulesets() },
    { provide: KeyHash, useFactory: () => new KeyHash(readKeySecret()) },
  ],
})
export class FraudModule {}
