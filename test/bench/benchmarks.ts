import { cost } from './cost/cost.benchmark.js';
import { drain } from './drain-fleet/drain.benchmark.js';
import { fleet } from './fleet/fleet.benchmark.js';
import type { Benchmark } from './harness/benchmark.js';
import { intake } from './intake/intake.benchmark.js';
import { inventory } from './inventory/inventory.benchmark.js';
import { isolation } from './isolation/isolation.benchmark.js';
import { latency } from './latency/latency.benchmark.js';
import { overhead } from './overhead/overhead.benchmark.js';
import { tracing } from './tracing/tracing.benchmark.js';
import { velocity } from './velocity/velocity.benchmark.js';

/** Every benchmark, in the order in which `npm run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [
  overhead,
  isolation,
  intake,
  tracing,
  latency,
  drain,
  inventory,
  fleet,
  cost,
  velocity,
];
