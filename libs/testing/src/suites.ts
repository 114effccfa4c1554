export { describeConsumerStore } from './store-suite/consumer-store-suite.js';
export type { StoreUnderTest } from './store-suite/store-under-test.js';
