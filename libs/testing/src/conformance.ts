export type { ConsumerPlace, ConsumerSubject } from './conformance/consumer-subject.js';
export { describeConsumer } from './conformance/describe-consumer.js';
export { referenceSubject } from './conformance/reference-subject.js';
