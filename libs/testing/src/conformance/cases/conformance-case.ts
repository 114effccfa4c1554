import type { Ordering } from '@millrace/contracts';
import type { ConformanceBench } from '../conformance-bench.js';
import type { VirtualPlace } from '../place/conformance-place.js';

interface Clause {
  readonly title: string;
  /** Orderings that it says nothing about. */
  readonly except: readonly Ordering[];
}

/** One clause of the contract; it rejects when the consumer does not keep it. */
export type ConformanceCase =
  | (Clause & { readonly needs: 'any place'; readonly run: (bench: ConformanceBench) => Promise<void> })
  | (Clause & {
      /** Time or an outage of the broker that only a log in memory can be given. */
      readonly needs: 'virtual time';
      readonly run: (bench: ConformanceBench<VirtualPlace>) => Promise<void>;
    });

/** A clause that is checked in memory and on Kafka. */
export function clause(
  title: string,
  run: (bench: ConformanceBench) => Promise<void>,
  except: readonly Ordering[] = [],
): ConformanceCase {
  return { title, except, needs: 'any place', run };
}

/** A clause that is checked in memory only. */
export function virtualClause(
  title: string,
  run: (bench: ConformanceBench<VirtualPlace>) => Promise<void>,
): ConformanceCase {
  return { title, except: [], needs: 'virtual time', run };
}

/** A promise that a case resolves when it likes. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
