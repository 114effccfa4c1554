import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BatchObservableResult } from '@opentelemetry/api';
import { instrument } from './instrument.js';

const NANOSECONDS = 1e9;
const RESOLUTION_MS = 20;

const gauges = instrument((meter) => ({
  meter,
  delay: meter.createObservableGauge('nodejs.eventloop.delay.p99', {
    unit: 's',
    description: 'Delay of the event loop since the last scrape, 99th percentile',
  }),
  heap: meter.createObservableGauge('v8js.memory.heap.used', {
    unit: 'By',
    description: 'JavaScript heap in use',
  }),
  resident: meter.createObservableGauge('process.memory.usage', {
    unit: 'By',
    description: 'Resident memory',
  }),
}));

/** Has every scrape read event loop and memory of this process; returns the function that ends it. */
export function observeRuntime(): () => void {
  const { meter, delay, heap, resident } = gauges();
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const observe = (result: BatchObservableResult): void => {
    const { heapUsed, rss } = process.memoryUsage();
    result.observe(delay, histogram.percentile(99) / NANOSECONDS);
    result.observe(heap, heapUsed);
    result.observe(resident, rss);
    histogram.reset();
  };
  meter.addBatchObservableCallback(observe, [delay, heap, resident]);
  return () => {
    meter.removeBatchObservableCallback(observe, [delay, heap, resident]);
    histogram.disable();
  };
}
