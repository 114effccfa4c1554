export {
  eventRecord,
  orderCreated,
  orderCreatedRecord,
  withHeaders,
  type ProducedRecord,
} from './builders.js';
export { eventually, type Deadline } from './eventually.js';
export { connectionError, MemoryBroker, type NewRecord } from './memory-broker/memory-broker.js';
export { MemoryConsumer, type SharedLog } from './memory-broker/memory-consumer.js';
export { databaseAway, MemoryConsumerStore, type StoreStep } from './memory-store/memory-consumer-store.js';
export { readOtlpRequest, type ReceivedSpan } from './spans/otlp-request.js';
export { permutations } from './permutations.js';
export { SpanCollector, type EndedSpan } from './spans/span-collector.js';
export { VirtualClock } from './virtual-clock.js';
