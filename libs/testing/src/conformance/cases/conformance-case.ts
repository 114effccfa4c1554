import type { ConformanceBench } from '../conformance-bench.js';
import type { VirtualPlace } from '../place/conformance-place.js';

/** One clause of the contract; it rejects when the consumer does not keep it. */
export type ConformanceCase =
  | {
      readonly title: string;
      readonly needs: 'any place';
      readonly run: (bench: ConformanceBench) => Promise<void>;
    }
  | {
      readonly title: string;
      /** Time or an outage of the broker that only a log in memory can be given. */
      readonly needs: 'virtual time';
      readonly run: (bench: ConformanceBench<VirtualPlace>) => Promise<void>;
    };

/** A clause that is checked in memory and on Kafka. */
export function clause(title: string, run: (bench: ConformanceBench) => Promise<void>): ConformanceCase {
  return { title, needs: 'any place', run };
}

/** A clause that is checked in memory only. */
export function virtualClause(
  title: string,
  run: (bench: ConformanceBench<VirtualPlace>) => Promise<void>,
): ConformanceCase {
  return { title, needs: 'virtual time', run };
}

/** A promise that a case resolves when it likes. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
