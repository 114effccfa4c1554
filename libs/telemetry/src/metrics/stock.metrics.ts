import { counter, observeGauges } from './instrument.js';

const signals = counter('millrace.holds.signals');

/** Counts what a hold was told (`order-cancelled`) and what that did (`moved`, `repeated`, `contradicting`). */
export function countHoldSignal(signal: string, effect: string, count = 1): void {
  signals().add(count, { signal, effect });
}

/** Has every scrape read how many SKUs differ; undefined while nobody has looked. Returns the function that ends it. */
export function observeStockDifferences(read: () => number | undefined): () => void {
  return observeGauges(['millrace.stock.differing.skus'], (observe) => {
    const count = read();
    if (count !== undefined) observe('millrace.stock.differing.skus', count);
  });
}
