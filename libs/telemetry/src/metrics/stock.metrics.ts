import type { BatchObservableResult } from '@opentelemetry/api';
import { instrument } from './instrument.js';

const signals = instrument((meter) =>
  meter.createCounter('millrace.holds.signals', {
    description: 'What holds on stock were told, by signal and by what it did',
  }),
);
const gauges = instrument((meter) => ({
  meter,
  differing: meter.createObservableGauge('millrace.stock.differing.skus', {
    description: 'SKUs whose stock is not what ledger and reservations add up to, at the last look',
  }),
}));

/** Counts what a hold was told (`order-cancelled`) and what that did (`moved`, `repeated`, `contradicting`). */
export function countHoldSignal(signal: string, effect: string, count = 1): void {
  signals().add(count, { signal, effect });
}

/** Has every scrape read how many SKUs differ; undefined while nobody has looked. Returns the function that ends it. */
export function observeStockDifferences(read: () => number | undefined): () => void {
  const { meter, differing } = gauges();
  const observe = (result: BatchObservableResult): void => {
    const count = read();
    if (count !== undefined) result.observe(differing, count);
  };
  meter.addBatchObservableCallback(observe, [differing]);
  return () => {
    meter.removeBatchObservableCallback(observe, [differing]);
  };
}
