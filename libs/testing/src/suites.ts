export { describeConsumerStore } from './store-suite/consumer-store-suite.js';
export type { StoreUnderTest } from './store-suite/bench/store-under-test.js';
