import { monitorEventLoopDelay } from 'node:perf_hooks';
import { observeGauges } from './instrument.js';

const NANOSECONDS = 1e9;
const RESOLUTION_MS = 20;

/** Has every scrape read event loop and memory of this process; returns the function that ends it. */
export function observeRuntime(): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const forget = observeGauges(
    ['nodejs.eventloop.delay.p99', 'v8js.memory.heap.used', 'process.memory.usage'],
    (observe) => {
      const { heapUsed, rss } = process.memoryUsage();
      observe('nodejs.eventloop.delay.p99', delay.percentile(99) / NANOSECONDS);
      observe('v8js.memory.heap.used', heapUsed);
      observe('process.memory.usage', rss);
      delay.reset();
    },
  );
  return () => {
    forget();
    delay.disable();
  };
}

/** Has every scrape read how long the stop of the service takes so far, in seconds; 0 while it works. */
export function observeDrain(service: string, read: () => number): () => void {
  return observeGauges(['millrace.drain.duration'], (observe) =>
    observe('millrace.drain.duration', read(), { service }),
  );
}
