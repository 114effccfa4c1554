export type { ConsumerPlace, ConsumerSubject } from './consumer-subject.js';
export { describeConsumer } from './describe-consumer.js';
export { referenceSubject } from './reference-subject.js';
