import { appRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { BENCH_GROUP, OrderBacklog } from '../backlog/order-backlog.js';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import { runContestant, type Contestant } from '../harness/contestant.js';
import type { DrainMeasure, DrainTask } from './drain-task.js';

/** The sides of a drain. */
export const DRAINERS = {
  /** Started as a service is. */
  ours: { program: new URL('./millrace.main.ts', import.meta.url), nodeOptions: SERVICE_NODE_OPTIONS },
  /** On kafkajs as it is published. */
  eachBatch: { program: new URL('../peers/each-batch.main.ts', import.meta.url) },
  /** On kafkajs with our patches, and started as our services are. */
  eachBatchPatched: {
    program: new URL('../peers/each-batch-patched.main.ts', import.meta.url),
    nodeOptions: SERVICE_NODE_OPTIONS,
  },
} as const satisfies Record<string, Contestant>;

/** Partitions of the topic. */
export const PARTITIONS = 6;

/** Connections that each side may use: one per partition, and a few to spare, as a service has. */
const POOL_SIZE = 10;

/** What a race adds to the task of a contestant. */
export type DrainRequest = Pick<DrainTask, 'backlog' | 'slow' | 'memory' | 'profile'>;

/** Lets contestants drain the same backlog one after the other, and counts what they did. */
export class DrainRace {
  readonly backlog: OrderBacklog;

  constructor(private readonly stack: BenchStack) {
    this.backlog = new OrderBacklog(stack);
  }

  /** One drain; throws `BenchError` INCORRECT unless the inbox holds every effect that was counted, each once. */
  async run(contestant: Contestant, request: DrainRequest): Promise<DrainMeasure> {
    await this.backlog.rewind(request.backlog);
    const measure = await runContestant<DrainTask, DrainMeasure>(contestant, {
      ...request,
      kafka: this.stack.local.kafka,
      database: this.stack.local.urlFor(appRole(BENCH_GROUP)),
      group: BENCH_GROUP,
      poolSize: POOL_SIZE,
    });
    const effects = await this.backlog.effects();
    if (effects !== measure.effects || effects < measure.drained) {
      throw new BenchError(
        'INCORRECT',
        `${measure.drained} events were to take effect and ${measure.effects} were counted, but the inbox has ${effects}: mend this side before its speed counts`,
      );
    }
    return measure;
  }
}

/** The same number of events on every partition. */
export function evenly(perPartition: number): number[] {
  return Array.from({ length: PARTITIONS }, () => perPartition);
}

/** Effects per second of a drain. */
export function rateOf({ drained, seconds }: DrainMeasure): number {
  return drained / seconds;
}
