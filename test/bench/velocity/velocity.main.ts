import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createDataSource, Transactions } from '@millrace/persistence';
import { AssessmentEntity } from '../../../apps/fraud/src/store/assessment.entity.js';
import { AssessmentStore } from '../../../apps/fraud/src/store/assessment.store.js';
import { KeyHash } from '../../../apps/fraud/src/store/key-hash.js';
import { liveRuleset } from '../../../apps/fraud/src/rulesets/read-rulesets.js';
import { Rulesets } from '../../../apps/fraud/src/rulesets/rulesets.js';
import { contest } from '../harness/contestant-process.js';
import { median } from '../harness/statistics.js';
import { BENCH_SECRET } from './busy-customers.js';
import type { VelocityMeasure, VelocityTask } from './velocity-task.js';

const COUNTED = 'customer.1h';

contest(decide);

/** Decides orders of one customer, each in a transaction of its own, as the service does at low load. */
async function decide({ database, customerId, warmUp, decisions }: VelocityTask): Promise<VelocityMeasure> {
  const settings = { url: database, schema: 'fraud', applicationName: 'bench', entities: [AssessmentEntity] };
  const dataSource = await createDataSource(settings).initialize();
  const transactions = new Transactions(dataSource);
  const store = new AssessmentStore(transactions, new Rulesets(liveRuleset({})), new KeyHash(BENCH_SECRET));
  const times: number[] = [];
  let [counted, lastPlacedAt] = [0, ''];
  for (let index = 0; index < warmUp + decisions; index += 1) {
    const request = {
      ...{ orderId: randomUUID(), eventId: randomUUID(), traceId: '', customerId },
      ...{ currency: 'EUR', totalMinor: 100, placedAt: new Date().toISOString() },
    };
    const startedAt = performance.now();
    const [answer] = await transactions.run((tx) => store.assessAll([request], new Date(), tx));
    if (index >= warmUp) times.push(performance.now() - startedAt);
    lastPlacedAt = request.placedAt;
    counted = answer?.decision.inputs.activity[COUNTED]?.orders ?? 0;
  }
  await dataSource.destroy();
  return { medianMs: median(times), counted, lastPlacedAt };
}
