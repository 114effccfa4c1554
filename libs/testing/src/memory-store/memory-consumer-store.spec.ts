import { describeConsumerStore } from '../suites.js';
import { MemoryConsumerStore } from './memory-consumer-store.js';

describeConsumerStore('the consumer store in memory', async () => {
  const store = new MemoryConsumerStore();
  return {
    store,
    everything: async () => asText(store.rows),
    waiting: async () => store.waiting,
    close: async () => undefined,
  };
});

function asText(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(asText).join('\n');
  return String(value);
}
